import { mongo } from 'mongoose';
import type { SystemUser } from '../../src/simulator/directory/system-user.ts';
import { expectedFields } from '../builders/expected-member.ts';
import { type DatabaseView, viewDatabase } from './database.ts';
import { type Installation, install } from './processes.ts';

/*
 * An installation as release 0.1.0 left it, with its own documents: a run in the middle of being
 * applied, one queued behind it, one that ended before it, and an index that no longer exists.
 */

let site: Installation;
let view: DatabaseView;
let storeId: string;
let people: readonly SystemUser[];

const oldCounts = {
  listed: 0,
  inScope: 0,
  outOfScope: 0,
  skipped: 0,
  problem: 0,
  unchanged: 0,
  create: 0,
  adopt: 0,
  update: 0,
  deactivate: 0,
  reactivate: 0,
  delete: 0,
  conflict: 0,
  gone: 0,
  held: 0,
  heldEarlier: 0,
  applied: 0,
  failed: 0,
};
const yesterday = new Date(Date.now() - 24 * 60 * 60_000);
const newId = () => new mongo.ObjectId().toHexString();
const [endedId, underWayId, queuedId] = [newId(), newId(), newId()];

const oldRun = (_id: string, parts: object) => ({
  _id,
  storeId,
  mode: 'full',
  trigger: 'schedule',
  certificate: null,
  counts: oldCounts,
  warnings: [],
  error: null,
  configRevision: 1,
  requestedBy: 'schedule',
  cancelRequested: false,
  resumes: 0,
  createdAt: yesterday,
  startedAt: null,
  finishedAt: null,
  resolvedAt: null,
  ...parts,
});

function changesOf(user: SystemUser) {
  const fields = Object.entries(expectedFields(user));
  return [
    ...fields.map(([field, to]) => ({ field, from: null, to })),
    { field: 'status', from: null, to: 'active' },
  ];
}

const oldRecord = (user: SystemUser, seq: number, parts: object) => ({
  _id: `${underWayId}.${user._id}`,
  runId: underWayId,
  seq,
  externalId: user._id,
  memberId: `${storeId}.${user._id}`,
  email: user.email,
  reason: 'active in the directory',
  changes: [],
  confirmed: false,
  ...parts,
});

function oldMember(user: SystemUser, lastRecord: string, parts: object = {}) {
  return {
    _id: `${storeId}.${user._id}`,
    storeId,
    externalId: user._id,
    status: 'active',
    statusBy: 'sync',
    fields: expectedFields(user),
    custom: {},
    groups: [],
    emailKey: user.email.normalize('NFC').toLowerCase(),
    revision: 1,
    lastRecord,
    createdAt: yesterday,
    updatedAt: yesterday,
    ...parts,
  };
}

/**
 * Three creates: the first was applied, the second was written but is still planned, the third was
 * not written; and a removal.
 */
function oldPlan(): { readonly members: object[]; readonly records: object[] } {
  const [first, second, third, leaver, renamed, ...others] = people as [
    SystemUser,
    SystemUser,
    SystemUser,
    SystemUser,
    SystemUser,
    ...SystemUser[],
  ];
  const create = (user: SystemUser, seq: number, status: string) =>
    oldRecord(user, seq, {
      action: 'create',
      status,
      changes: changesOf(user),
      claim: user.email.normalize('NFC').toLowerCase(),
    });
  const change = (user: SystemUser, seq: number, parts: object) =>
    oldRecord(user, seq, { status: 'planned', fromRevision: 1, ...parts });
  return {
    members: [
      oldMember(first, `${underWayId}.${first._id}`),
      oldMember(second, `${underWayId}.${second._id}`),
      oldMember(leaver, `${endedId}.${leaver._id}`),
      oldMember(renamed, `${endedId}.${renamed._id}`, {
        fields: { ...expectedFields(renamed), lastName: 'Before' },
      }),
      ...others.map((user) => oldMember(user, `${endedId}.${user._id}`)),
    ],
    records: [
      create(first, 1, 'applied'),
      create(second, 2, 'planned'),
      create(third, 3, 'planned'),
      change(leaver, 4, {
        action: 'deactivate',
        reason: 'suspended in the directory',
        changes: [
          { field: 'status', from: 'active', to: 'inactive' },
          { field: 'inactiveCause', from: null, to: 'suspended' },
        ],
        cause: 'suspended',
        confirmed: true,
      }),
      change(renamed, 5, {
        action: 'update',
        changes: [{ field: 'lastName', from: 'Before', to: renamed.lastname }],
      }),
    ],
  };
}

beforeAll(async () => {
  site = await install({ users: 30, groups: 0, seed: 51 });
  view = await viewDatabase(site);
  const add = ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'];
  storeId = (await site.ask<{ id: string }>(add, site.simulator.apiKey)).id;
  people = site.simulator.people.all().filter(({ state }) => state === 'ACTIVATED');
  site.simulator.people.suspend(people[3]?._id ?? '');
  const { members, records } = oldPlan();
  const listed = site.simulator.people.size;
  const counts = { ...oldCounts, listed, inScope: listed, create: 3, update: 1, deactivate: 1 };
  await view.raw.collection('members').insertMany(members);
  await view.raw.collection('records').insertMany(records);
  const ended = { status: 'succeeded', startedAt: yesterday, finishedAt: yesterday };
  await view.raw
    .collection('runs')
    .insertMany([
      oldRun(endedId, { ...ended, counts: { ...oldCounts, create: 27, applied: 27 } }),
      oldRun(underWayId, { status: 'applying', startedAt: yesterday, counts }),
      oldRun(queuedId, { status: 'queued', trigger: 'manual', requestedBy: 'cli:ada' }),
    ] as object[]);
  const runs = view.raw.collection('runs');
  await runs.dropIndex('queuedOnce');
  await runs.createIndex(
    { storeId: 1, mode: 1 },
    { name: 'queued', unique: true, partialFilterExpression: { status: 'queued' } },
  );
});
afterAll(async () => {
  await site.close();
  await view.close();
});

describe('an upgrade from 0.1.0 with a run in flight', () => {
  it('finishes the run that was being applied, then the queued one, each person once', async () => {
    await site.serve('worker');
    const run = await view.until(underWayId, ({ finishedAt }) => finishedAt !== null);
    expect(run).toMatchObject({ status: 'succeeded', counts: { applied: 5, failed: 0, held: 0 } });
    expect((await view.records(underWayId)).map(({ status }) => status)).toEqual(
      Array.from({ length: 5 }, () => 'applied'),
    );
    const members = new Map((await view.members()).map((member) => [member.externalId, member]));
    expect(people.slice(0, 5).map(({ _id }) => members.get(_id))).toMatchObject([
      { revision: 1, status: 'active' },
      { revision: 1, status: 'active' },
      { revision: 1, status: 'active', lastRecord: `${underWayId}.${people[2]?._id}` },
      { revision: 2, status: 'inactive', inactiveCause: 'suspended' },
      { revision: 2, fields: { lastName: people[4]?.lastname } },
    ]);
    const queued = await view.until(queuedId, ({ finishedAt }) => finishedAt !== null);
    expect(queued).toMatchObject({ status: 'succeeded', counts: { failed: 0, update: 0 } });
    expect(queued.startedAt?.getTime()).toBeGreaterThanOrEqual(run.finishedAt?.getTime() ?? 0);
  });

  it('has the present indexes, and not the old one', async () => {
    const names = (await view.raw.collection('runs').indexes()).map(({ name }) => name);
    expect(names).toContain('queuedOnce');
    expect(names).not.toContain('queued');
  });

  it('lists and shows what the previous release wrote', async () => {
    const runs = await site.ask<{ id: string; status: string }[]>(['runs', 'list']);
    expect(runs.map(({ id }) => id).toSorted()).toEqual([endedId, underWayId, queuedId].toSorted());
    const none = { undoOf: null, decision: null, decided: null };
    expect(await site.ask(['runs', 'show', endedId, '--records'])).toMatchObject({
      ...none,
      status: 'succeeded',
      counts: { create: 27, applied: 27 },
      records: [],
    });
    const { stdout, code } = await site.rollcall(['runs', 'show', underWayId, '--records']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/deactivate +applied/);
  });
});
