import type { Connection } from 'mongoose';
import { searchKeysOf } from '../../core/member-search.ts';
import { type MemberDocument, toMember } from '../models/member.model.ts';

const pageSize = 500;

/**
 * Gives members the keys that lists search and sort by, where they have none: those of earlier releases, and those that
 * a process of an earlier release inserts meanwhile. Each write is a compare-and-set, so several processes may do it at once.
 */
export async function fillSearchKeys(connection: Connection): Promise<void> {
  const members = connection.collection<MemberDocument>('members');
  // The index `byName` has members without the key as well.
  const read = () =>
    members
      .find({ 'search.name': { $eq: null } })
      .limit(pageSize)
      .toArray();
  for (let page = await read(); page.length > 0; page = await read()) {
    await members.bulkWrite(
      page.map((document) => ({
        updateOne: {
          filter: { _id: document._id, revision: document.revision },
          update: { $set: { search: searchKeysOf(toMember(document)) } },
        },
      })),
      { ordered: false },
    );
  }
}
