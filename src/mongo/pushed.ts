import type { Model, PipelineStage } from 'mongoose';
import type { PushedReader } from '../ports/pushed.ts';
import { type DirectoryStoreDocument, toDirectoryStore } from './models/directory-store.model.ts';
import { type MemberDocument, toMember } from './models/member.model.ts';
import type { Models } from './models/models.ts';
import { type RecordDocument, toRecord } from './models/record.model.ts';
import { type ScimUserDocument, toScimUser } from './models/scim.model.ts';

type Parts = Pick<Models, 'stores' | 'members' | 'records' | 'scim'>;

/** A document of one of the collections. */
interface Row {
  readonly store?: DirectoryStoreDocument;
  readonly user?: ScimUserDocument;
  readonly member?: MemberDocument;
  readonly record?: RecordDocument;
}

/** An answer contains all that is read; the driver would otherwise read 101 documents first. */
const rowsAtOnce = 5000;

/** Reads from four collections with one command: round trips are most of what a push takes. */
export function createPushedReader({ stores, members, records, scim }: Parts): PushedReader {
  const hidden = hiddenPaths(stores);
  return {
    async read(storeId, ids) {
      const those = { $in: [...ids] };
      const ofUsers = [
        union(scim.users, { _id: those, storeId }, 'user'),
        union(members, { storeId, externalId: those }, 'member'),
        union(records, { standsIn: storeId, externalId: those }, 'record'),
      ];
      const rows = await stores
        .aggregate<Row>([
          { $match: { _id: storeId } },
          { $project: hidden },
          wrapped('store'),
          ...(ids.length > 0 ? ofUsers : []),
        ])
        .option({ batchSize: rowsAtOnce });
      const users = rows.flatMap(({ user }) => user ?? []);
      const [store = null] = rows.flatMap((row) => row.store ?? []);
      return {
        store: store && toDirectoryStore(store),
        users: users.filter(({ removed }) => removed !== true).map(toScimUser),
        removed: users.filter(({ removed }) => removed === true).map(({ _id }) => _id),
        members: rows.flatMap(({ member }) => (member === undefined ? [] : toMember(member))),
        blocking: rows.flatMap(({ record }) => (record === undefined ? [] : toRecord(record))),
      };
    },
  };
}

/** Appends what matches in another collection. */
function union<T>(
  { collection }: Model<T>,
  $match: object,
  name: keyof Row,
): PipelineStage.UnionWith {
  return {
    $unionWith: { coll: collection.collectionName, pipeline: [{ $match }, wrapped(name)] },
  };
}

function wrapped(name: keyof Row): PipelineStage.ReplaceRoot {
  return { $replaceRoot: { newRoot: { [name]: '$$ROOT' } } };
}

/** An aggregation reads also what the model selects in no other read: credentials. */
function hiddenPaths<T>({ schema }: Model<T>): Readonly<Record<string, 0>> {
  const hidden = Object.values(schema.paths).filter(({ options }) => options['select'] === false);
  return Object.fromEntries(hidden.map(({ path }) => [path, 0]));
}
