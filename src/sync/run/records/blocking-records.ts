import { IdSet } from '../../../core/id-set.ts';
import type { SyncRecord } from '../../../core/model/record.ts';
import type { Verdict } from '../../../core/plan/plan-person.ts';
import { heedStanding, letGo } from '../../../core/plan/standing.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { RecordStore } from '../../../ports/records.ts';
import type { RunStore } from '../../../ports/runs.ts';
import { resolveRuns } from './resolve-runs.ts';

/** What people have yet to decide, or have rejected, while one run of the store plans. */
export interface StandingRecords {
  /** By source id, for some people at once. */
  of(externalIds: readonly string[]): Promise<ReadonlyMap<string, readonly SyncRecord[]>>;
  /** Plans one person beside their standing records; counts what is left out, and notes what is over. */
  heed(
    externalId: string,
    standing: ReadonlyMap<string, readonly SyncRecord[]>,
    plan: (barred: ReadonlySet<string>) => Verdict,
  ): Verdict;
  /** Lets go of the records noted so far that the source no longer asks for. */
  close(): Promise<void>;
  /** Counts somebody whose removal isn't planned again. */
  countBarred(externalId: string, by: 'held' | 'rejected'): void;
  readonly counts: { readonly heldEarlier: number; readonly rejectedEarlier: number };
  /** Ends the earlier runs whose last held record was let go. */
  resolve(): Promise<void>;
}

interface StandingPorts {
  readonly records: Pick<RecordStore, 'hasStanding' | 'standing' | 'replaceMany' | 'countByStatus'>;
  readonly runs: Pick<RunStore, 'get' | 'amend'>;
  readonly clock: Clock;
}

/** A preview reads what stands, and leaves it as it is. */
export async function readStanding(
  ports: StandingPorts,
  {
    storeId,
    isPreview,
    checkpoint,
  }: {
    readonly storeId: string;
    readonly isPreview: boolean;
    readonly checkpoint: () => void;
  },
): Promise<StandingRecords> {
  const { records, clock } = ports;
  const isAny = await records.hasStanding(storeId);
  const heldEarlier = new IdSet();
  const rejectedEarlier = new IdSet();
  const noted: SyncRecord[] = [];
  const touched = new Set<string>();
  const countBarred = (externalId: string, by: 'held' | 'rejected'): void => {
    (by === 'held' ? heldEarlier : rejectedEarlier).add(externalId);
  };
  return {
    async of(externalIds) {
      if (!isAny || externalIds.length === 0) return new Map();
      return byPerson(await records.standing(storeId, externalIds));
    },
    heed(externalId, standing, plan) {
      const { verdict, barredBy, over } = heedStanding(standing.get(externalId) ?? [], plan);
      if (barredBy !== null) countBarred(externalId, barredBy);
      noted.push(...over);
      return verdict;
    },
    async close() {
      const over = noted.splice(0);
      if (over.length === 0 || isPreview) return;
      // A worker that was paused past its lease must not close what another one applied meanwhile.
      checkpoint();
      await records.replaceMany(over.map((record) => letGo(record, clock.now())));
      for (const { runId } of over) touched.add(runId);
    },
    countBarred,
    get counts() {
      return { heldEarlier: heldEarlier.size, rejectedEarlier: rejectedEarlier.size };
    },
    resolve: () => resolveRuns(ports, [...touched]),
  };
}

function byPerson(records: readonly SyncRecord[]): ReadonlyMap<string, readonly SyncRecord[]> {
  const found = new Map<string, SyncRecord[]>();
  for (const record of records) {
    const of = found.get(record.externalId ?? '') ?? [];
    found.set(record.externalId ?? '', [...of, record]);
  }
  return found;
}
