import type { Alert } from '../model/alert.ts';
import { heldIn, type Run, type RunMode } from '../model/run.ts';
import type { ExpiringToken } from '../model/token.ts';
import { reauthorizeHint } from '../reauthorize-hint.ts';
import { shellWord } from '../shell-word.ts';
import { consolePathOf } from './console-path.ts';
import type { AlertFacts } from './judge-alert.ts';

/** What is posted. `message` and `hint` are texts for a person; nothing in it names a member. */
export interface AlertMessage {
  readonly id: string;
  readonly kind: Alert['kind'];
  readonly at: string;
  readonly store: { readonly id: string; readonly name: string } | null;
  readonly run: Pick<Run, 'id' | 'status' | 'counts' | 'error' | 'warnings'> | null;
  readonly token: {
    readonly id: string;
    readonly name: string | null;
    readonly expiresAt: string;
  } | null;
  readonly domain: string | null;
  readonly message: string;
  readonly hint: string;
  /** The screen of the console that answers it. */
  readonly url: string;
}

/** Describes an alert: what happened, which command to run, and which screen answers it. */
export function describeAlert(
  alert: Pick<Alert, 'id' | 'kind' | 'createdAt'>,
  facts: AlertFacts,
  publicUrl: string,
): AlertMessage {
  const { run, store, token } = facts;
  return {
    id: alert.id,
    kind: alert.kind,
    at: alert.createdAt.toISOString(),
    store: store && { id: store.id, name: store.name },
    run: run && {
      id: run.id,
      status: run.status,
      counts: run.counts,
      error: run.error,
      warnings: run.warnings,
    },
    domain: facts.domain?.id ?? null,
    token: token && { id: token.id, name: token.name, expiresAt: token.expiresAt.toISOString() },
    ...textsOf(alert.kind, facts),
    url:
      publicUrl.replace(/\/+$/, '') +
      consolePathOf(alert.kind, { storeId: store?.id ?? null, runId: run?.id ?? null }),
  };
}

function textsOf(
  kind: Alert['kind'],
  { run, store, staleSince, token, domain }: AlertFacts,
): Pick<AlertMessage, 'message' | 'hint'> {
  const name = store?.name ?? 'a store';
  const runId = run?.id ?? '';
  switch (kind) {
    case 'run-held': {
      const held = run === null ? 0 : heldIn(run);
      const changes = held === 1 ? '1 change waits' : `${held.toLocaleString('en')} changes wait`;
      return {
        message: `${changes} for a person: a safeguard held ${held === 1 ? 'it' : 'them'} in ${nameRun(run, name)}.`,
        hint: `See what is held with: rollcall runs show ${runId} --records. Then let it happen with: rollcall runs approve ${runId}, or not, with: rollcall runs reject ${runId}`,
      };
    }
    case 'run-failed':
      return {
        message: `Failed: ${nameRun(run, name)}. ${run?.error?.message ?? ''}`.trimEnd(),
        hint: `See more with: rollcall runs show ${runId}`,
      };
    case 'needs-reauthorization':
      return {
        message: `The directory of ${name} refuses the credential. Nothing is synced until there is a working one.`,
        hint: reauthorizeHint(name),
      };
    case 'undecided':
      return {
        message: `The directory of ${name} leaves open who is there: ${describeUndecided(run?.undecided ?? null)}. Members that it concerns stay as they are.`,
        hint: `See the warnings and problems with: rollcall runs show ${runId} --records`,
      };
    case 'token-expires':
      return {
        message: `${nameToken(token, name)} stops working at ${token?.expiresAt.toISOString() ?? 'its time'}.`,
        hint: replaceHint(token, name),
      };
    case 'domain-lapsed': {
      const id = domain?.id ?? 'a domain';
      return {
        message:
          `The domain ${id} is no longer verified, and its addresses get no mail. ${domain?.problem ?? ''}`.trimEnd(),
        hint: `See its record with: rollcall domains list. When the record is back: rollcall domains verify ${id}`,
      };
    }
    case 'stale':
      return {
        message: `${name} has not been synced since ${staleSince?.toISOString() ?? 'long ago'}, though its schedule is on.`,
        hint: `See the cause with: rollcall doctor, and: rollcall runs list --store ${shellWord(name)}`,
      };
  }
}

/** What has been left open for several runs in a row, as a part of a sentence. */
export function describeUndecided(undecided: Run['undecided']): string {
  const { incompleteRuns, users } = undecided ?? { incompleteRuns: 0, users: 0 };
  const parts = [
    ...(incompleteRuns > 1
      ? [`its listing was incomplete in ${incompleteRuns} runs in a row`]
      : []),
    ...(users > 0
      ? [`${users === 1 ? '1 user is' : `${users} users are`} undecided for three runs or more`]
      : []),
  ];
  return parts.join(', and ');
}

const runNames = {
  full: 'the sync',
  delta: 'the sync',
  plan: 'the preview',
  undo: 'the undoing',
  single: 'the edit by hand',
} as const satisfies Record<RunMode, string>;

function nameRun(run: Run | null, store: string): string {
  if (run === null) return `a run of ${store}`;
  return run.storeId === null ? runNames[run.mode] : `${runNames[run.mode]} of ${store}`;
}

/** A token as a sentence names it. `store` is the name of a SCIM token's store. */
export function nameToken(token: ExpiringToken | null, store: string): string {
  const name = token?.name ?? null;
  return name === null ? `The SCIM token of ${store}` : `The access token ${JSON.stringify(name)}`;
}

/** How to replace a token. */
export function replaceHint(token: ExpiringToken | null, store: string): string {
  const name = token?.name ?? null;
  if (token === null || name === null) {
    return `Make a new one, and give it to the directory within a day, with: rollcall store reauthorize ${shellWord(store)} --overlap 24h --expires 90d`;
  }
  return `Make a new one with: rollcall token create --role ${token.role} --name NAME --expires 90d. Then end this one with: rollcall token revoke ${token.id}`;
}
