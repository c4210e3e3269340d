import { noCounts, type Run, type RunError } from '../../core/model/run.ts';
import type { Draft } from '../../core/plan/draft.ts';
import { openNotes } from '../../notify/mail/note-written.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { Ports } from '../../ports/index.ts';
import type { RunStore } from '../../ports/runs.ts';
import { applyRun } from '../../sync/run/apply-run.ts';

/** The ports that an edit by hand uses. */
export interface EditPorts extends Pick<Ports, 'members' | 'records' | 'notices' | 'clock'> {
  readonly stores: Pick<DirectoryStores, 'get'>;
  readonly runs: Pick<RunStore, 'insertUnderWay' | 'update' | 'list'>;
}

/** An edit by hand is a run of few records: the same write path, results and audit as any other. */
export async function carryOutEdit(
  ports: EditPorts,
  { storeId, by }: { readonly storeId: string | null; readonly by: string },
  plan: (runId: string) => readonly Draft[],
): Promise<{ readonly run: Run; readonly failure: RunError | null }> {
  const { members, records, runs, clock } = ports;
  const run = await runs.insertUnderWay({
    storeId,
    mode: 'single',
    trigger: 'manual',
    configRevision: 0,
    requestedBy: by,
  });
  const decidedAt = clock.now();
  const planned = plan(run.id).map((draft, at) => ({
    ...draft,
    seq: at + 1,
    decidedBy: by,
    decidedAt,
  }));
  await records.insertMany(planned);
  await applyRun({
    runId: run.id,
    storeId,
    undoes: [],
    members,
    records,
    clock,
    signal: null,
    note: openNotes(ports, run),
    report: () => undefined,
  });
  const failed = (await records.byIds(planned.map(({ id }) => id))).find(
    ({ status }) => status === 'failed',
  );
  const failure =
    failed === undefined
      ? null
      : { code: 'records-failed', message: failed.error ?? 'not applied' };
  const { applied = 0, ...others } = await records.countByStatus(run.id);
  const ended = await runs.update(run, {
    status: failure === null ? 'succeeded' : 'failed',
    counts: {
      ...noCounts,
      ...(await records.countByAction(run.id)),
      applied,
      failed: others.failed ?? 0,
    },
    error: failure,
    finishedAt: clock.now(),
  });
  return { run: ended ?? run, failure };
}
