import { randomUUID } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';
import type { MemberStore } from '../ports/members.ts';
import { coalesce } from './coalesce.ts';
import type { MemberCountParts } from './models/directory-store.model.ts';
import type { Models } from './models/models.ts';

type Parts = Pick<Models, 'members' | 'stores'> & { readonly clock: Clock };
type Counts = Awaited<ReturnType<MemberStore['counts']>>;

/** For so long after a mark a process writes without a new one. */
const markedForMs = 10_000;
/** A write that took longer than this since its mark is marked once more, since it may be late. */
const longWriteMs = 20_000;
/** Writes of a mark have ended after this time, by the clock of any machine: only then is a count kept. */
const settledAfterMs = 60_000;
/** A count is made anew after this time in any case: a process of an earlier release marks nothing. */
const keptForMs = 60 * 60_000;

const noMark = '';
const storesTogether = 500;

export interface MemberCounts {
  /** The members of a store by status: as kept, or counted by the index while members are written. */
  of(storeId: string): Promise<Counts>;
  /** As kept; null while members are written. */
  kept(storeId: string): Promise<Counts | null>;
  /** Carries out a write that changes the counts of these stores; whatever becomes of it, no count from before is used. */
  duringWrite<T>(storeIds: readonly string[], write: () => Promise<T>): Promise<T>;
}

/** Counts of members, kept with their stores: a cache, which a process that is killed at any time leaves true. */
export function createMemberCounts(parts: Parts): MemberCounts {
  const { stores, clock } = parts;
  const markedAt = new Map<string, number>();
  const mark = async (storeIds: readonly string[]): Promise<void> => {
    const at = await markMembers({ stores, clock }, storeIds);
    for (const id of storeIds) markedAt.set(id, at.getTime());
  };
  const marksOlderThan = (storeIds: readonly string[], ms: number): readonly string[] => {
    const now = clock.now().getTime();
    return storeIds.filter((id) => now - (markedAt.get(id) ?? 0) >= ms);
  };
  return {
    of: coalesce((storeIds) => readCounts(parts, storeIds), storesTogether),
    kept: async (storeId) => (await readKept(parts, [storeId])).get(storeId)?.counts ?? null,
    async duringWrite(storeIds, write) {
      const unmarked = marksOlderThan(storeIds, markedForMs);
      if (unmarked.length > 0) await mark(unmarked);
      try {
        return await write();
      } finally {
        const late = marksOlderThan(storeIds, longWriteMs);
        if (late.length > 0) await mark(late);
      }
    },
  };
}

/** Marks stores whose members are about to be written: no count from before is used. Returns when that was. */
export async function markMembers(
  { stores, clock }: Pick<Parts, 'stores' | 'clock'>,
  storeIds: readonly string[],
): Promise<Date> {
  const at = clock.now();
  const membersMark = { id: randomUUID(), at };
  await stores.updateMany({ _id: { $in: [...storeIds] } }, { $set: { membersMark } });
  return at;
}

interface Kept {
  readonly mark: MemberCountParts['membersMark'];
  /** Null when the kept counts are not from after the mark, or old. */
  readonly counts: Counts | null;
}

async function readKept(
  { stores, clock }: Parts,
  storeIds: readonly string[],
): Promise<ReadonlyMap<string, Kept>> {
  const found = await stores
    .find({ _id: { $in: [...new Set(storeIds)] } }, { membersMark: 1, memberCounts: 1 })
    .lean<({ readonly _id: string } & MemberCountParts)[]>();
  const oldest = clock.now().getTime() - keptForMs;
  return new Map(
    found.map(({ _id, membersMark: mark, memberCounts: kept }) => {
      const isValid = kept?.of === (mark?.id ?? noMark) && kept.at.getTime() > oldest;
      const counts = isValid ? { active: kept.active, inactive: kept.inactive } : null;
      return [_id, { mark, counts }];
    }),
  );
}

async function readCounts(parts: Parts, storeIds: readonly string[]): Promise<readonly Counts[]> {
  const kept = await readKept(parts, storeIds);
  const counted = new Map<string, Promise<Counts>>();
  return Promise.all(
    storeIds.map(async (id) => {
      const { counts = null, mark } = kept.get(id) ?? {};
      if (counts !== null) return counts;
      const counting = counted.get(id) ?? count(parts, { id, mark });
      counted.set(id, counting);
      return counting;
    }),
  );
}

/** Counts by the index, and keeps the result if all writes of the mark had ended before. */
async function count(
  { members, stores, clock }: Parts,
  { id, mark }: { readonly id: string; readonly mark: MemberCountParts['membersMark'] },
): Promise<Counts> {
  const at = clock.now();
  const [active, inactive] = await Promise.all([
    members.countDocuments({ storeId: id, status: 'active' }),
    members.countDocuments({ storeId: id, status: 'inactive' }),
  ]);
  const counts = { active, inactive };
  if (mark === undefined || at.getTime() - mark.at.getTime() >= settledAfterMs) {
    await stores.updateOne(
      { _id: id, 'membersMark.id': mark?.id ?? { $exists: false } },
      { $set: { memberCounts: { ...counts, of: mark?.id ?? noMark, at } } },
    );
  }
  return counts;
}
