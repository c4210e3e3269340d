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
  const earlier = await countWindow({ ...guarding, besides: run.id });
  const brakes = guard({ planned, earlier, active, safeguards });
  const standsIn = isSync(run.mode) ? storeId : null;
  for (const { risk } of brakes) await records.hold({ runId: run.id, risk, standsIn });
  return brakes;
}

function isNothing({ removals, emailChanges, blanks }: RiskCounts): boolean {
  return removals + emailChanges === 0 && Object.keys(blanks).length === 0;
}

export interface Window extends Pick<Guarding, 'storeId' | 'safeguards' | 'runs' | 'clock'> {
  /** A run that is not looked at; null for none. */
  readonly besides: string | null;
}

/** What the store's runs have applied within the window, without anybody's approval. */
export async function countWindow(
  window: Window & { readonly records: Pick<RecordStore, 'countAppliedRisks'> },
): Promise<RiskCounts> {
  const ids = (await runsInWindow(window)).map(({ id }) => id);
  return ids.length === 0 ? noRisks : window.records.countAppliedRisks(ids);
}

/** The syncs that applied something within the window, newest first. */
export async function runsInWindow(window: Window): Promise<readonly Run[]> {
  const { storeId, safeguards, runs, clock, besides } = window;
  const endedSince = new Date(clock.now().getTime() - parseDurationMs(safeguards.window));
  const ended = await runs.list({ storeId, endedSince });
  // Handed back half applied, or opened again by a decision: what these applied is seen all the same.
  const underWay = (await runs.list({ storeId, statuses: ['applying'] })).filter(
    ({ decision }) => decision === null || decision.finishedAt >= endedSince,
  );
  return [...underWay, ...ended.filter(({ counts }) => counts.applied > 0)].filter(
    ({ id, mode }) => id !== besides && isSync(mode),
  );
}

/** What people do by hand or take back is their own decision. */
const isSync = (mode: Run['mode']): boolean => mode === 'full' || mode === 'delta';
