import { Conflict, InvalidInput, Unavailable } from '../../core/errors.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { Run } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { reauthorizeHint } from '../../core/reauthorize-hint.ts';
import type { Ports } from '../../ports/index.ts';
import { aboutStore, audited } from '../audit/audited.ts';

/** A queued run; `queueError` says why its job could not be enqueued yet. */
export interface RequestedSync {
  readonly run: Run;
  /** False when it was queued already. */
  readonly created: boolean;
  readonly queueError: Unavailable | null;
}

/** Queues a run, or returns the one that is queued already. `Conflict` when the store needs to be reauthorized. */
export async function requestSync(
  ports: Pick<Ports, 'runs' | 'queue' | 'audit'>,
  {
    store,
    mode,
    notify = false,
  }: {
    readonly store: DirectoryStore;
    readonly mode: 'full' | 'plan';
    /** Whether newcomers get mail even if this is the first import. */
    readonly notify?: boolean;
  },
  actor: Actor,
): Promise<RequestedSync> {
  if (store.status === 'needs-reauthorization') throw await reauthorizationNeeded(ports, store);
  if (notify) refuseToNotify(store, mode);
  const queue = () =>
    ports.runs.enqueue({
      storeId: store.id,
      mode,
      trigger: 'manual',
      configRevision: store.configRevision,
      requestedBy: actor.by,
      ...(notify && { notify }),
    });
  const preview = { actor, action: 'run-previewed', ...aboutStore(store) } as const;
  const { run, created } = await (mode === 'plan'
    ? audited(ports, preview, queue, (queued) => ({ runId: queued.run.id }))
    : queue());
  const asked = notify && run.notify === null ? await askToNotify(ports, run) : run;
  return { run: asked, created, queueError: await enqueue(ports, asked) };
}

function refuseToNotify(store: DirectoryStore, mode: 'full' | 'plan'): void {
  if (mode === 'plan') {
    throw new InvalidInput('A preview sends no mail.', { hint: 'Leave one of the two out.' });
  }
  if (store.config.settings.notifications.mail === 'notify') return;
  throw new InvalidInput(`The members of ${JSON.stringify(store.name)} get no mail.`, {
    hint: 'Set settings.notifications.mail to notify in its store file first.',
  });
}

/** A run that was queued before sends mail too, unless a worker has begun it meanwhile. */
async function askToNotify({ runs }: Pick<Ports, 'runs'>, run: Run): Promise<Run> {
  const asked = await runs.update(run, { notify: true });
  if (asked !== null) return asked;
  throw new Conflict('A run that sends no mail has begun meanwhile.', {
    hint: 'Ask again when it has ended: newcomers of a first import are told only by the run itself.',
  });
}

async function enqueue({ queue }: Pick<Ports, 'queue'>, run: Run): Promise<Unavailable | null> {
  try {
    await queue.enqueueJob(run);
    return null;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return new Unavailable(
      `Run ${run.id} is queued, but no worker could be told: ${error.message}`,
      {
        cause: error,
        hint: 'Workers find it by themselves within minutes once Redis can be reached again.',
      },
    );
  }
}

/** Names the failure that made the store need reauthorization. */
async function reauthorizationNeeded(
  { runs }: Pick<Ports, 'runs'>,
  store: DirectoryStore,
): Promise<Conflict> {
  const [lastFailed] = await runs.list({ storeId: store.id, statuses: ['failed'], limit: 1 });
  const reason = lastFailed?.error?.message ?? 'its directory refused the credential.';
  return new Conflict(`${JSON.stringify(store.name)} needs to be reauthorized: ${reason}`, {
    hint: reauthorizeHint(store.name),
  });
}
