import { Conflict } from '../../core/errors.ts';
import type { Actor } from '../../core/model/audit.ts';
import { type RecordKind, recordKinds } from '../../core/model/record.ts';
import { hasEnded, type Run } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { isErasure } from '../../core/plan/plan-erasure.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { RecordStore } from '../../ports/records.ts';
import type { RunStore } from '../../ports/runs.ts';
import { type AuditPorts, audited } from '../audit/audited.ts';

interface UndoPorts extends AuditPorts {
  readonly runs: Pick<RunStore, 'enqueue'>;
  readonly records: Pick<RecordStore, 'page'>;
  readonly stores: Pick<DirectoryStores, 'get' | 'setStatus'>;
  readonly queue: Pick<JobQueue, 'enqueueJob'>;
}

/** The run that undoes the other one, and whether its store was paused for that. */
export interface RequestedUndo {
  readonly run: Run;
  readonly paused: DirectoryStore | null;
}

/**
 * Queues a run that undoes what another one applied, or a preview of it. The store is paused first: a scheduled run
 * would make the undone changes again at once. `Conflict` when there is nothing to undo.
 */
export async function requestUndo(
  ports: UndoPorts,
  asked: { readonly run: Run; readonly isPreview: boolean; readonly actor: Actor },
): Promise<RequestedUndo> {
  const { run: undone, isPreview, actor } = asked;
  if (!hasEnded(undone)) {
    throw new Conflict(`Run ${undone.id} is still under way.`, {
      hint: `Stop it first with: rollcall runs cancel ${undone.id}`,
    });
  }
  const someApplied = (kind: RecordKind) =>
    ports.records.page({ runId: undone.id, kind, statuses: ['applied'], limit: 1 });
  const applied = (await Promise.all(recordKinds.map(someApplied))).flat();
  if (applied.length === 0) {
    throw new Conflict(`Run ${undone.id} has nothing to take back: no record of it is applied.`, {
      hint: `See its records with: rollcall runs show ${undone.id} --records`,
    });
  }
  if (undone.mode === 'single' && applied.every(isErasure)) {
    throw new Conflict(`Run ${undone.id} erased a person for good: nothing is left to restore.`);
  }
  const store = undone.storeId === null ? null : await ports.stores.get(undone.storeId);
  const pauses = !isPreview && store !== null && store.status !== 'paused';
  const queue = async () => {
    if (pauses) await pause(ports, store);
    return ports.runs.enqueue({
      storeId: undone.storeId,
      mode: isPreview ? 'plan' : 'undo',
      trigger: 'manual',
      configRevision: store?.configRevision ?? 0,
      requestedBy: actor.by,
      undoOf: undone.id,
    });
  };
  const changes = [{ path: 'takes back', from: null, to: undone.id }];
  const about = { storeId: undone.storeId, storeName: store?.name ?? null };
  const action = isPreview ? 'run-previewed' : 'run-undone';
  const { run } = await audited(ports, { actor, action, ...about, changes }, queue, (queued) => ({
    runId: queued.run.id,
  }));
  await ports.queue.enqueueJob(run);
  return { run, paused: pauses ? store : null };
}

/** A store that needs a new key goes on needing it, and is paused once it has one. */
async function pause({ stores }: UndoPorts, { id, status }: DirectoryStore): Promise<void> {
  await stores.setStatus(id, 'paused');
  if (status === 'needs-reauthorization') await stores.setStatus(id, status);
}
