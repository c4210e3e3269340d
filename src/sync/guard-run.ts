import type { Run } from '../core/model/run.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import { type Brake, guard, noRisks, type RiskCounts } from '../core/plan/guard.ts';
import { parseDurationMs } from '../core/store-file/duration.ts';
import type { Clock, RecordStore, RunStore } from './ports.ts';

interface Guarding {
  readonly run: Run;
  readonly store: Pick<DirectoryStore, 'id' | 'config'>;
  /** How many of the store's members were active before the run. */
  readonly activeBefore: () => Promise<number>;
  readonly records: Pick<RecordStore, 'countRisks' | 'countAppliedRisks' | 'hold'>;
  readonly runs: Pick<RunStore, 'list'>;
  readonly clock: Clock;
}

/**
 * Holds what a plan has too much of, for a person to decide; the rest goes on. Answers which brakes did. What a
 * preview or an undo holds doesn't stand in the way of later runs.
 */
export async function guardRun(guarding: Guarding): Promise<readonly Brake[]> {
  const { run, store, records } = guarding;
  const { safeguards } = store.config;
  const planned = await records.countRisks(run.id);
  if (isNothing(planned)) return [];
  const active = await guarding.activeBefore();
  const earlier = await countWindow(guarding);
  const brakes = guard({ planned, earlier, active, safeguards });
  const standsIn = run.mode === 'full' ? store.id : null;
  for (const { risk } of brakes) await records.hold({ runId: run.id, risk, standsIn });
  return brakes;
}

function isNothing({ removals, emailChanges, blanks }: RiskCounts): boolean {
  return removals + emailChanges === 0 && Object.keys(blanks).length === 0;
}

async function countWindow(guarding: Guarding): Promise<RiskCounts> {
  const { run, store, clock } = guarding;
  const { id: storeId, config } = store;
  const windowMs = parseDurationMs(config.safeguards.window);
  const endedSince = new Date(clock.now().getTime() - windowMs);
  const ended = await guarding.runs.list({ storeId, endedSince });
  // Handed back half applied, or opened again by a decision: what these applied is seen all the same.
  const underWay = (await guarding.runs.list({ storeId, statuses: ['applying'] })).filter(
    ({ decision }) => decision === null || decision.finishedAt >= endedSince,
  );
  const ids = [...ended.filter(({ counts }) => counts.applied > 0), ...underWay]
    .filter(({ id, mode }) => id !== run.id && isSync(mode))
    .map(({ id }) => id);
  return ids.length === 0 ? noRisks : guarding.records.countAppliedRisks(ids);
}

/** What people do by hand or take back is their own decision. */
const isSync = (mode: Run['mode']): boolean => mode === 'full' || mode === 'delta';
