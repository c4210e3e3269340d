import type { SyncRecord } from '../model/record.ts';
import type { PersonPlan } from './plan-person.ts';

const nothing: ReadonlySet<string> = new Set();

/** A person's plan beside what people have yet to decide, or have rejected. */
export interface PlanAroundDecisions {
  readonly verdict: PersonPlan;
  /** Whether something was left out because it is held, or was rejected. */
  readonly blockedBy: 'held' | 'rejected' | null;
  /** Standing records that the source no longer asks for. */
  readonly noLongerNeeded: readonly SyncRecord[];
}

/**
 * Plans somebody with the changes left out that stand held, or were rejected, in earlier records. What can't be
 * decided now leaves those records as they are.
 */
export function planAroundOpenDecisions(
  blockingRecords: readonly SyncRecord[],
  plan: (barred: ReadonlySet<string>) => PersonPlan,
): PlanAroundDecisions {
  const unblocked = plan(nothing);
  if (blockingRecords.length === 0 || unblocked.category === 'problem') {
    return { verdict: unblocked, blockedBy: null, noLongerNeeded: [] };
  }
  const wanted = new Set([...(unblocked.draft?.risks ?? []), ...(unblocked.undecided ?? [])]);
  const stillApplies = ({ risks }: SyncRecord) => risks.some((risk) => wanted.has(risk));
  const blocking = blockingRecords.filter(stillApplies);
  const noLongerNeeded = blockingRecords.filter((record) => !stillApplies(record));
  if (blocking.length === 0) return { verdict: unblocked, blockedBy: null, noLongerNeeded };
  const blockedBy = blocking.some(({ status }) => status === 'held') ? 'held' : 'rejected';
  return {
    verdict: plan(new Set(blocking.flatMap(({ risks }) => risks))),
    blockedBy,
    noLongerNeeded,
  };
}

/** A standing record that bars nothing any more: a held one is closed, a rejected one lets later runs plan it again. */
export function closeBlockingRecord(record: SyncRecord, now: Date): SyncRecord {
  if (record.status !== 'held') return { ...record, blocksInStore: null };
  return {
    ...record,
    status: 'rejected',
    reason: noLongerTrue,
    blocksInStore: null,
    decidedAt: now,
  };
}

export const noLongerTrue = 'no longer true';
