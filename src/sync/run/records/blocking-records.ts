import { IdSet } from '../../../core/id-set.ts';
import type { SyncRecord } from '../../../core/model/record.ts';
import { closeBlockingRecord, planAroundOpenDecisions } from '../../../core/plan/open-decisions.ts';
import type { PersonPlan } from '../../../core/plan/plan-user.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { RecordStore } from '../../../ports/records.ts';
import type { RunStore } from '../../../ports/runs.ts';
import { resolveRuns } from './resolve-runs.ts';

/** The records of earlier runs that block a change in this run: held ones, and ones that a person rejected. */
export interface BlockingRecords {
  /** The blocking records of these users, by source id. */
  of(externalIds: readonly string[]): Promise<ReadonlyMap<string, readonly SyncRecord[]>>;
  /** Plans one user without the blocked changes; counts what is left out, and notes blocking records to close. */
  planAround(
    externalId: string,
    blocking: ReadonlyMap<string, readonly SyncRecord[]>,
    plan: (barred: ReadonlySet<string>) => PersonPlan,
  ): PersonPlan;
  /** Closes the blocking records whose change the source no longer asks for. */
  close(): Promise<void>;
  /** Counts one user whose removal is blocked. */
  countBlocked(externalId: string, by: 'held' | 'rejected'): void;
  readonly counts: { readonly heldEarlier: number; readonly rejectedEarlier: number };
  /** Resolves the earlier runs whose last held record was closed. */
  resolve(): Promise<void>;
}

interface BlockingPorts {
  readonly records: Pick<
    RecordStore,
    'hasBlocking' | 'blocking' | 'replaceMany' | 'countByStatus' | 'countByAction'
  >;
  readonly runs: Pick<RunStore, 'get' | 'amend'>;
  readonly clock: Clock;
}

/** Reads the blocking records of a store. A preview changes none of them. */
export async function readBlockingRecords(
  ports: BlockingPorts,
  { storeId, isPreview }: { readonly storeId: string; readonly isPreview: boolean },
): Promise<BlockingRecords> {
  const { records, clock } = ports;
  const isAny = await records.hasBlocking(storeId);
  const heldEarlier = new IdSet();
  const rejectedEarlier = new IdSet();
  const noted: SyncRecord[] = [];
  const touched = new Set<string>();
  const countBlocked = (externalId: string, by: 'held' | 'rejected'): void => {
    (by === 'held' ? heldEarlier : rejectedEarlier).add(externalId);
  };
  return {
    async of(externalIds) {
      if (!isAny || externalIds.length === 0) return new Map();
      return byUser(await records.blocking(storeId, externalIds));
    },
    planAround(externalId, blocking, plan) {
      const { verdict, blockedBy, noLongerNeeded } = planAroundOpenDecisions(
        blocking.get(externalId) ?? [],
        plan,
      );
      if (blockedBy !== null) countBlocked(externalId, blockedBy);
      noted.push(...noLongerNeeded);
      return verdict;
    },
    async close() {
      const closing = noted.splice(0);
      if (closing.length === 0 || isPreview) return;
      await records.replaceMany(closing.map((record) => closeBlockingRecord(record, clock.now())));
      for (const { runId } of closing) touched.add(runId);
    },
    countBlocked,
    get counts() {
      return { heldEarlier: heldEarlier.size, rejectedEarlier: rejectedEarlier.size };
    },
    resolve: () => resolveRuns(ports, [...touched]),
  };
}

/** Groups records by the source id of their user. */
export function byUser(records: readonly SyncRecord[]): ReadonlyMap<string, readonly SyncRecord[]> {
  const found = new Map<string, SyncRecord[]>();
  for (const record of records) {
    const of = found.get(record.externalId ?? '') ?? [];
    found.set(record.externalId ?? '', [...of, record]);
  }
  return found;
}
