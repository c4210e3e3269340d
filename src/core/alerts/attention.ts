import type { AlertAttention } from '../model/attention.ts';
import type { MailDomain } from '../model/mail-domain.ts';
import { appliedIn, heldIn, needsPerson, type Run } from '../model/run.ts';
import type { SyncSummary } from '../model/sync-summary.ts';
import type { ExpiringToken } from '../model/token.ts';
import { staleSince } from './staleness.ts';

/** What decides whether something waits for a person. */
export interface AttentionFacts {
  readonly summaries: readonly SyncSummary[];
  /** Runs that hold changes. */
  readonly holding: readonly Run[];
  readonly expiring: readonly ExpiringToken[];
  readonly domains: readonly MailDomain[];
}

/**
 * The runs, stores and tokens that wait for a person now, the most urgent kind first. A store that needs to be
 * reauthorized is named only as that.
 */
export function attentionOf(
  { summaries, holding, expiring, domains }: AttentionFacts,
  time: { readonly now: Date; readonly staleMs: number },
): readonly AlertAttention[] {
  return [
    ...holding.map(heldRun),
    ...summaries.flatMap(refusedKey),
    ...summaries.flatMap(failedSync),
    ...summaries.flatMap((summary) => staleStore(summary, time)),
    ...expiring.map(expiringToken),
    ...domains.flatMap(lapsedDomain),
    ...summaries.flatMap(undecidedUsers),
  ];
}

function heldRun(run: Run): AlertAttention {
  const { id, storeId, finishedAt, decision } = run;
  return {
    kind: 'run-held',
    storeId,
    runId: id,
    since: finishedAt ?? decision?.finishedAt ?? null,
    params: { held: heldIn(run), applied: appliedIn(run) },
  };
}

const isRefused = ({ status }: SyncSummary): boolean => status === 'needs-reauthorization';

function refusedKey(summary: SyncSummary): readonly AlertAttention[] {
  if (!isRefused(summary)) return [];
  const { storeId, changedAt } = summary;
  return [{ kind: 'needs-reauthorization', storeId, runId: null, since: changedAt, params: {} }];
}

function failedSync(summary: SyncSummary): readonly AlertAttention[] {
  const { storeId, lastEnd, last } = summary;
  if (isRefused(summary) || lastEnd !== 'failed') return [];
  const error = last?.error ?? null;
  return [
    {
      kind: 'run-failed',
      storeId,
      runId: last?.runId ?? null,
      since: last?.endedAt ?? null,
      params: error === null ? {} : { errorCode: error.code, errorMessage: error.message },
    },
  ];
}

function staleStore(
  summary: SyncSummary,
  time: { readonly now: Date; readonly staleMs: number },
): readonly AlertAttention[] {
  const since = staleSince(summary, time);
  const { storeId } = summary;
  return since === null ? [] : [{ kind: 'stale', storeId, runId: null, since, params: {} }];
}

function expiringToken({ storeId, name, expiresAt }: ExpiringToken): AlertAttention {
  const params = { expiresAt, ...(name !== null && { tokenName: name }) };
  return { kind: 'token-expires', storeId, runId: null, since: null, params };
}

function lapsedDomain({ id, status, checkedAt }: MailDomain): readonly AlertAttention[] {
  if (status !== 'lapsed') return [];
  const kind = 'domain-lapsed';
  return [{ kind, storeId: null, runId: null, since: checkedAt, params: { domain: id } }];
}

function undecidedUsers({ storeId, undecided, last }: SyncSummary): readonly AlertAttention[] {
  if (!needsPerson(undecided)) return [];
  const { incompleteRuns, users: undecidedUsers } = undecided;
  return [
    {
      kind: 'undecided',
      storeId,
      runId: last?.runId ?? null,
      since: last?.endedAt ?? null,
      params: { incompleteRuns, undecidedUsers },
    },
  ];
}
