import { parseDurationMs } from '../../../core/duration.ts';
import { appliedIn, type Run } from '../../../core/model/run.ts';
import type { DirectoryStore } from '../../../core/model/store.ts';
import type { Safeguards } from '../../../core/model/store-config.ts';
import { noRisks, type RiskCounts } from '../../../core/plan/brakes.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { RecordStore } from '../../../ports/records.ts';
import type { RunStore } from '../../../ports/runs.ts';

export interface BrakeContext {
  readonly run: Run;
  readonly store: Pick<DirectoryStore, 'id' | 'config'>;
  /** How many of the store's members were active before the run. */
  readonly activeBefore: () => Promise<number>;
  readonly records: Pick<RecordStore, 'countRisks' | 'countAppliedRisks' | 'hold'>;
  readonly runs: Pick<RunStore, 'list'>;
  readonly clock: Clock;
}

export interface Window extends Pick<BrakeContext, 'runs' | 'clock'> {
  readonly storeId: string;
  readonly safeguards: Safeguards;
  /** A run that is left out; null for none. */
  readonly besides: string | null;
}

/** What the store's runs applied within the window without an approval. */
export async function countWindow(
  window: Window & { readonly records: Pick<RecordStore, 'countAppliedRisks'> },
): Promise<RiskCounts> {
  const ids = (await runsInWindow(window)).map(({ id }) => id);
  return ids.length === 0 ? noRisks : window.records.countAppliedRisks(ids);
}

/** The syncs that applied something within the window, newest first. */
export async function runsInWindow(window: Window): Promise<readonly Run[]> {
  const { storeId, safeguards, runs, clock, besides } = window;
  const since = new Date(clock.now().getTime() - parseDurationMs(safeguards.window));
  const found = await runs.list({ storeId, atWorkSince: since });
  // A run that was handed back half applied, or reopened by a decision, counts with what it has applied.
  const underWay = found.filter(
    ({ finishedAt, decision }) =>
      finishedAt === null && (decision === null || decision.finishedAt >= since),
  );
  const ended = found.filter((run) => run.finishedAt !== null && appliedIn(run) > 0);
  return [...underWay, ...ended].filter(({ id, mode }) => id !== besides && isSync(mode));
}

/** Edits by hand and undos are decisions of people; the window counts syncs only. */
export const isSync = (mode: Run['mode']): boolean => mode === 'full' || mode === 'delta';
