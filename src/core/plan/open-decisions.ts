import type { SyncRecord } from '../model/record.ts';
import type { PersonPlan } from './plan-user.ts';

const nothing: ReadonlySet<string> = new Set();

/** The plan of one user without the changes that are held or were rejected. */
export interface PlanAroundDecisions {
  readonly verdict: PersonPlan;
  /** Why a change was left out of the plan: it is held, or was rejected. Null when none was. */
  readonly blockedBy: 'held' | 'rejected' | null;
  /** Blocking records whose change the source no longer asks for. */
  readonly noLongerNeeded: readonly SyncRecord[];
}

/**
 * Plans one user without the changes that earlier records hold or that an administrator rejected. A
 * plan that is a problem closes none of those records.
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

/** Ends the effect of a blocking record: a held one is rejected, a rejected one no longer blocks later runs. */
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
