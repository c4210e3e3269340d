import type { Run } from '../core/model/run.ts';
import type { Safeguards } from '../core/model/store-config.ts';
import { type Brake, guard, noRisks, type RiskCounts } from '../core/plan/guard.ts';
import { parseDurationMs } from '../core/store-file/duration.ts';
import type { Clock, MemberStore, RecordStore, RunStore } from './ports.ts';

interface Guarding {
  readonly run: Run;
  readonly storeId: string;
  readonly safeguards: Safeguards;
  readonly members: Pick<MemberStore, 'counts'>;
  readonly records: Pick<RecordStore, 'countRisks' | 'countAppliedRisks' | 'hold'>;
  readonly runs: Pick<RunStore, 'list'>;
  readonly clock: Clock;
}

/**
 * Holds what a plan has too much of, for a person to decide; the rest goes on. Answers which brakes did. What a
 * preview or an undo holds doesn't stand in the way of later runs.
 */
export async function guardRun(guarding: Guarding): Promise<readonly Brake[]> {
  const { run, storeId, safeguards, records } = guarding;
  const planned = await records.countRisks(run.id);
  if (isNothing(planned)) return [];
  const { active } = await guarding.members.counts(storeId);
  const earlier = await countWindow(guarding);
  const brakes = guard({ planned, earlier, active, safeguards });
  const standsIn = run.mode === 'full' ? storeId : null;
  for (const { risk } of brakes) await records.hold({ runId: run.id, risk, standsIn });
  return brakes;
}

function isNothing({ removals, emailChanges, blanks }: RiskCounts): boolean {
  return removals + emailChanges === 0 && Object.keys(blanks).length === 0;
}

async function countWindow(guarding: Guarding): Promise<RiskCounts> {
  const { run, storeId, safeguards, clock } = guarding;
  const endedSince = new Date(clock.now().getTime() - parseDurationMs(safeguards.window));
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
