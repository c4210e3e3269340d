import type mongoose from 'mongoose';

type Index = mongoose.mongo.IndexDescription & { readonly name: string };

/** The database removes alerts by itself. */
const alertRetentionSeconds = 30 * 24 * 3600;

/**
 * Partial indexes use `$exists`: a query for a value implies that, so the planner may use them, while
 * it can't derive that a value has a `$type`. Null is therefore never stored in these fields.
 */
function having(field: string) {
  return { partialFilterExpression: { [field]: { $exists: true } } };
}

/** Every index but those on `_id`, by collection. They are few, because each slows every write down. */
export const indexesByCollection: Readonly<Record<string, readonly Index[]>> = {
  alerts: [
    { name: 'due', key: { nextAttemptAt: 1 }, ...having('nextAttemptAt') },
    { name: 'age', key: { createdAt: 1 }, expireAfterSeconds: alertRetentionSeconds },
  ],
  audit: [{ name: 'store', key: { storeId: 1, _id: 1 }, ...having('storeId') }],
  configRevisions: [{ name: 'store', key: { storeId: 1, revision: -1 } }],
  members: [
    { name: 'emailKey', key: { emailKey: 1 }, unique: true, ...having('emailKey') },
    { name: 'source', key: { storeId: 1, externalId: 1 }, unique: true, ...having('storeId') },
    { name: 'status', key: { storeId: 1, status: 1 }, ...having('storeId') },
    { name: 'groups', key: { storeId: 1, groups: 1, externalId: 1 }, ...having('groups') },
    { name: 'leftGroups', key: { storeId: 1, leftGroupsAt: 1 }, ...having('leftGroupsAt') },
    { name: 'roles', key: { storeId: 1, 'roles.group': 1, externalId: 1 }, ...having('roles') },
    { name: 'keptFrom', key: { 'keptFrom.orgId': 1, externalId: 1 }, ...having('keptFrom.orgId') },
    { name: 'words', key: { 'search.words': 1 } },
    { name: 'byName', key: { 'search.name': 1 } },
    { name: 'byAddress', key: { 'search.address': 1 } },
    { name: 'byUpdate', key: { 'search.updated': 1 } },
  ],
  notices: [
    { name: 'due', key: { nextAttemptAt: 1 }, ...having('nextAttemptAt') },
    { name: 'member', key: { memberId: 1 } },
    { name: 'delivered', key: { deliveredAt: 1 }, ...having('deliveredAt') },
    { name: 'end', key: { expireAt: 1 }, expireAfterSeconds: 0 },
  ],
  people: [
    { name: 'subject', key: { issuer: 1, sub: 1 }, unique: true },
    { name: 'emailKey', key: { emailKey: 1 }, ...having('emailKey') },
  ],
  records: [
    { name: 'run', key: { runId: 1, seq: 1 } },
    { name: 'standing', key: { standsIn: 1, externalId: 1 }, ...having('standsIn') },
    { name: 'risky', key: { runId: 1, status: 1 }, ...having('risks') },
  ],
  recordPeople: [
    { name: 'record', key: { recordId: 1 } },
    { name: 'run', key: { runId: 1 } },
  ],
  runs: [
    {
      name: 'queuedOnce',
      key: { storeId: 1, mode: 1, subject: 1 },
      unique: true,
      partialFilterExpression: { status: 'queued' },
    },
    { name: 'store', key: { storeId: 1, _id: 1 } },
    { name: 'revision', key: { storeId: 1, configRevision: 1, _id: 1 } },
    { name: 'status', key: { status: 1 } },
    { name: 'age', key: { createdAt: 1 } },
  ],
  scimGroups: [
    { name: 'name', key: { storeId: 1, nameKey: 1 }, unique: true },
    { name: 'displayName', key: { storeId: 1, 'search.displayName': 1 } },
    {
      name: 'externalId',
      key: { storeId: 1, 'search.externalId': 1 },
      ...having('search.externalId'),
    },
    { name: 'id', key: { storeId: 1, _id: 1 } },
  ],
  scimMemberships: [
    { name: 'user', key: { userId: 1 } },
    { name: 'group', key: { storeId: 1, groupId: 1 } },
  ],
  scimTokens: [
    { name: 'hash', key: { hash: 1 }, unique: true },
    { name: 'store', key: { storeId: 1 } },
    { name: 'end', key: { endsAt: 1 }, expireAfterSeconds: 0 },
  ],
  scimUsers: [
    {
      name: 'userName',
      key: { storeId: 1, 'search.userName': 1 },
      unique: true,
      ...having('search.userName'),
    },
    {
      name: 'externalId',
      key: { storeId: 1, 'search.externalId': 1 },
      ...having('search.externalId'),
    },
    {
      name: 'email',
      key: { storeId: 1, 'search.emails.value': 1 },
      ...having('search.emails.value'),
    },
    { name: 'id', key: { storeId: 1, _id: 1 } },
    { name: 'pulledId', key: { storeId: 1, pulledId: 1 }, ...having('pulledId') },
    { name: 'changed', key: { storeId: 1, updatedAt: 1 } },
  ],
  sessions: [
    { name: 'holder', key: { holderId: 1 } },
    { name: 'sid', key: { sid: 1 }, ...having('sid') },
    { name: 'end', key: { expireAt: 1 }, expireAfterSeconds: 0 },
  ],
  stores: [
    { name: 'name', key: { name: 1 }, unique: true },
    { name: 'nameKey', key: { nameKey: 1 }, unique: true, ...having('nameKey') },
  ],
  tokens: [
    { name: 'name', key: { name: 1 }, unique: true },
    { name: 'hash', key: { hash: 1 }, unique: true },
  ],
  usedOnce: [{ name: 'end', key: { expireAt: 1 }, expireAfterSeconds: 0 }],
};

/** Indexes of earlier releases that must be dropped: they would refuse what is valid today. */
export const formerIndexes: Readonly<Record<string, readonly string[]>> = {
  // Of 0.1: it allowed one queued preview a store, whatever its subject.
  runs: ['queued'],
};

/** Collections of earlier releases that nothing reads any more. Their data can be read from the source again. */
export const formerCollections: readonly string[] = ['pages'];
