import { type Run, writesLeft } from '../../core/model/run.ts';
import { openNotes } from '../../notify/mail/note-written.ts';
import { applyRun } from './apply-run.ts';
import { applyGroups } from './groups/apply-groups.ts';
import type { HeldLease } from './lease.ts';
import { undoneBy } from './records/mark-undone.ts';
import type { SyncPorts, Worker } from './run-ports.ts';

/** Applies the planned records of a run: users, then groups, since new members join groups; an undo the other way round. */
export async function applyPlan(
  ports: SyncPorts,
  { run, lease, worker }: { readonly run: Run; readonly lease: HeldLease; readonly worker: Worker },
): Promise<void> {
  const { id: runId, storeId } = run;
  const total = writesLeft(run);
  const undoes = await undoneBy(ports, run);
  let done = 0;
  const apply = async (step: (report: (done: number) => void) => Promise<void>): Promise<void> => {
    let ofStep = 0;
    await step((count) => {
      ofStep = count;
      worker.onProgress({ phase: 'applying', done: done + count, total });
    });
    done += ofStep;
  };
  const shared = { ...ports, runId, undoes, signal: lease.signal };
  const note = openNotes(ports, run);
  const users = () => apply((report) => applyRun({ ...shared, storeId, note, report }));
  const groups = async (): Promise<void> => {
    if (storeId === null || run.groups === null) return;
    const noneLeft = await followedIfLeft(ports, { ...run, storeId });
    await apply((report) => applyGroups({ ...shared, storeId, noneLeft, report }));
  };
  const [first, second] = run.undoOf === null ? [users, groups] : [groups, users];
  await first();
  await second();
}

/** The followed groups of a store that deactivates who leaves the last of them; an undo makes nobody leave. */
async function followedIfLeft(
  { stores, groups }: Pick<SyncPorts, 'stores' | 'groups'>,
  { storeId, undoOf }: Pick<Run, 'undoOf'> & { readonly storeId: string },
): Promise<readonly string[] | undefined> {
  const store = undoOf === null ? await stores.get(storeId) : null;
  if (store?.config.groups.left !== 'deactivate') return undefined;
  const all = await groups.list(storeId);
  return all.flatMap(({ externalId, status }) => (status === 'followed' ? externalId : []));
}
