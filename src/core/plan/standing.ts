import type { SyncRecord } from '../model/record.ts';
import type { Verdict } from './plan-person.ts';

const nothing: ReadonlySet<string> = new Set();

/** A person's plan beside what people have yet to decide, or have rejected. */
export interface Heeded {
  readonly verdict: Verdict;
  /** Whether something was left out because it is held, or was rejected. */
  readonly barredBy: 'held' | 'rejected' | null;
  /** Standing records that the source no longer asks for. */
  readonly over: readonly SyncRecord[];
}

/**
 * Plans somebody with the changes left out that stand held, or were rejected, in earlier records. What can't be
 * decided now leaves those records as they are.
 */
export function heedStanding(
  standing: readonly SyncRecord[],
  plan: (barred: ReadonlySet<string>) => Verdict,
): Heeded {
  const free = plan(nothing);
  if (standing.length === 0 || free.category === 'problem') {
    return { verdict: free, barredBy: null, over: [] };
  }
  const wanted = new Set([...(free.draft?.risks ?? []), ...(free.undecided ?? [])]);
  const standsStill = ({ risks }: SyncRecord) => risks.some((risk) => wanted.has(risk));
  const barring = standing.filter(standsStill);
  const over = standing.filter((record) => !standsStill(record));
  if (barring.length === 0) return { verdict: free, barredBy: null, over };
  const barredBy = barring.some(({ status }) => status === 'held') ? 'held' : 'rejected';
  return { verdict: plan(new Set(barring.flatMap(({ risks }) => risks))), barredBy, over };
}

/** A standing record that bars nothing any more: a held one is closed, a rejected one lets later runs plan it again. */
export function letGo(record: SyncRecord, now: Date): SyncRecord {
  if (record.status !== 'held') return { ...record, standsIn: null };
  return {
    ...record,
    status: 'rejected',
    reason: noLongerTrue,
    standsIn: null,
    decidedAt: now,
  };
}

export const noLongerTrue = 'no longer true';
