import { updatedKey } from '../core/member-search.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import type { Clock } from '../ports/clock.ts';
import { markMembers } from './member-counts.ts';
import type { MemberDocument } from './models/member.model.ts';
import type { Models } from './models/models.ts';
import { removeRuns } from './run.ts';
import { writeBatch } from './write-batch.ts';

export interface RemovalParts extends Models {
  readonly clock: Clock;
}

interface Removal {
  readonly store: DirectoryStore;
  readonly members: 'keep' | 'delete';
}

const membersPerStep = 1000;
const runsPerStep = 100;

/**
 * Removes a store and what belongs to it, in steps of bounded size, and the store last: an
 * interrupted removal is repeated. Returns how many members were unlinked or deleted.
 */
export async function removeDirectoryStore(
  parts: RemovalParts,
  { store, members }: Removal,
): Promise<{ readonly members: number }> {
  const { stores, leases, runs, clock } = parts;
  // Paused first: no scheduled run must fill a half-removed store again.
  const paused = { $set: { status: 'paused', updatedAt: clock.now() } };
  await stores.updateOne({ _id: store.id }, paused);
  // The tokens next: no push must restore what is removed.
  await parts.scim.tokens.deleteMany({ storeId: store.id });
  const removeSome = members === 'keep' ? unlinkSome : deleteSome;
  let count = 0;
  for (;;) {
    const some = await parts.members
      .find({ storeId: store.id }, { revision: 1 })
      .limit(membersPerStep)
      .lean<Revised[]>();
    if (some.length === 0) break;
    await markMembers(parts, [store.id]);
    count += await removeSome(parts, { store, some });
  }
  for (;;) {
    const some = await runs.find({ storeId: store.id }, { _id: 1 }).limit(runsPerStep).lean();
    if (some.length === 0) break;
    await removeRuns(
      parts,
      some.map(({ _id }) => _id),
    );
  }
  await parts.groups.deleteMany({ storeId: store.id });
  await parts.configRevisions.deleteMany({ storeId: store.id });
  await parts.alerts.deleteMany({ storeId: store.id });
  await parts.notices.deleteMany({ storeId: store.id });
  await parts.scim.memberships.deleteMany({ storeId: store.id });
  await parts.scim.groups.deleteMany({ storeId: store.id });
  await parts.scim.users.deleteMany({ storeId: store.id });
  // The lease last: no run must begin on a store that is about to be removed.
  await stores.deleteOne({ _id: store.id });
  await leases.deleteOne({ _id: store.id });
  return { members: count };
}

type Revised = Pick<MemberDocument, '_id' | 'revision'>;

interface Step {
  readonly store: DirectoryStore;
  readonly some: readonly Revised[];
}

/** A compare-and-set like every write to a member: the next step finds the members that changed meanwhile. */
async function unlinkSome(
  { members, clock }: RemovalParts,
  { store, some }: Step,
): Promise<number> {
  const keptFrom = { directory: store.directory, orgId: store.orgId };
  const updatedAt = clock.now();
  const { matched } = await writeBatch(
    members,
    some.map(({ _id, revision }) => ({
      updateOne: {
        filter: { _id, revision },
        update: {
          $set: {
            keptFrom,
            revision: revision + 1,
            updatedAt,
            'search.updated': updatedKey(updatedAt, _id),
          },
          $unset: { storeId: '', groups: '', leftGroupsAt: '', roles: '' },
        },
      },
    })),
  );
  return matched;
}

async function deleteSome({ members }: RemovalParts, { store, some }: Step): Promise<number> {
  const ids = some.map(({ _id }) => _id);
  const { deletedCount } = await members.deleteMany({ _id: { $in: ids }, storeId: store.id });
  return deletedCount;
}
