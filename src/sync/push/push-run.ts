import { recordId, type SyncRecord } from '../../core/model/record.ts';
import { noCounts, type Run, type RunError } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { Category } from '../../core/plan/plan-user.ts';
import { ListingTally } from '../../core/plan/tally.ts';
import { raiseForEnd } from '../../notify/raise-alerts.ts';
import type { AlertStore } from '../../ports/alerts.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RecordStore } from '../../ports/records.ts';
import type { RunPatch, RunStore } from '../../ports/runs.ts';
import { countOutcomes } from '../run/records/count-outcomes.ts';

export interface PushRunPorts {
  readonly runs: Pick<RunStore, 'insertUnderWay' | 'update' | 'get'>;
  readonly records: Pick<RecordStore, 'countByStatus' | 'countByAction'>;
  readonly alerts: Pick<AlertStore, 'raise'>;
  readonly clock: Clock;
}

/** An open run into which the records of pushes are written. */
export interface PushRun {
  readonly run: Run;
  readonly openedAt: Date;
  readonly people: Set<string>;
  readonly tally: ListingTally;
  /** The people in the tally: a person that is planned again is counted once. */
  readonly counted: Set<string>;
  readonly gone: Set<string>;
  seq: number;
}

export async function openPushRun(
  { runs, clock }: PushRunPorts,
  store: DirectoryStore,
): Promise<PushRun> {
  const run = await runs.insertUnderWay({
    storeId: store.id,
    mode: 'delta',
    trigger: 'push',
    configRevision: store.configRevision,
    requestedBy: 'scim',
  });
  return {
    run,
    openedAt: clock.now(),
    people: new Set(),
    tally: new ListingTally(),
    counted: new Set(),
    gone: new Set(),
    seq: 0,
  };
}

/** Gives the records of a batch their place in the run. The run has one record per person. */
export function addToRun(
  into: PushRun,
  records: readonly SyncRecord[],
  categoryOf: (externalId: string) => Category,
): readonly SyncRecord[] {
  return records.map((record) => {
    const person = record.externalId ?? '';
    into.seq += 1;
    into.people.add(person);
    if (!into.counted.has(person)) into.tally.add(categoryOf(person), false);
    into.counted.add(person);
    return { ...record, id: recordId(into.run.id, person), runId: into.run.id, seq: into.seq };
  });
}

/** Stores how the run ended; null when a worker claimed the abandoned run meanwhile and ended it. */
export async function endPushRun(ports: PushRunPorts, ended: PushRun): Promise<Run | null> {
  const { run, tally, gone } = ended;
  const { records, runs, clock } = ports;
  const outcomes = await countOutcomes(records, run.id);
  const { problem: _listed, ...actions } = await records.countByAction(run.id);
  const { failed, held } = outcomes;
  const counts = { ...noCounts, ...actions, ...tally.counts, gone: gone.size, ...outcomes };
  const patch: RunPatch = {
    status: failed > 0 ? 'failed' : held > 0 ? 'held' : 'succeeded',
    error: failed > 0 ? recordsFailed(failed) : null,
    counts,
  };
  await raiseForEnd(ports, run.id, patch);
  return runs.update(run, { ...patch, finishedAt: clock.now() });
}

function recordsFailed(failed: number): RunError {
  const subject = failed === 1 ? '1 record' : `${failed} records`;
  return {
    code: 'records-failed',
    message: `${subject} could not be applied; each says why. A sync of the store plans them again.`,
  };
}
