import { blankDraft } from '../../../src/core/plan/draft.ts';
import { wholeResource } from '../../../src/core/scim/present.ts';
import { defaultNotifications } from '../../../src/core/store-file/default-config.ts';
import { directories } from '../../../src/directories/index.ts';
import { createExpressions } from '../../../src/expressions/index.ts';
import { addMember } from '../../../src/manage/members/edit-member.ts';
import { eraseMember } from '../../../src/manage/members/erase-member.ts';
import { cancelRun } from '../../../src/manage/runs/cancel-run.ts';
import { removeStore } from '../../../src/manage/stores/remove-store.ts';
import { createPushService } from '../../../src/sync/push/push-service.ts';
import type { ScimContext } from '../../../src/sync/scim/context.ts';
import { patchUser } from '../../../src/sync/scim/users.ts';
import { actor } from '../../fakes/memory-world.ts';
import { blocking } from '../expressions/bombs.ts';
import { type Answer, aUser, openScimWorld, type ScimWorld, standingOf } from './scim-world.ts';

const names = (count: number) => Array.from({ length: count }, (_, at) => `user${at}`);

describe('a push', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld({ expressions: createExpressions() });
  });
  beforeEach(async () => {
    await world.empty();
    await world.addStore();
  });
  afterAll(() => world.close());

  const suspend = (id: string): Promise<Answer> =>
    world.ask('PATCH', `/Users/${id}`, {
      Operations: [{ op: 'replace', path: 'active', value: false }],
    });
  const statuses = async () => (await world.allMembers()).map(({ status }) => status);

  it('is held when it would empty the store, says so, and is applied when it is approved', async () => {
    const ids = await world.pushUsers(names(3));
    const answers: Answer[] = [];
    for (const id of ids) answers.push(await suspend(id));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ body }) => body['active'])).toEqual([false, false, false]);
    expect(answers.map(standingOf)).toMatchObject([
      { standing: 'inactive' },
      { standing: 'inactive' },
      { standing: 'held', reason: expect.stringContaining('the last active member would leave') },
    ]);
    expect((await statuses()).toSorted()).toEqual(['active', 'inactive', 'inactive']);
    const [run] = await world.endedRuns();
    expect(run).toMatchObject({ status: 'held', counts: { held: 1 } });
    expect(standingOf(await world.ask('GET', `/Users/${ids[2]}`))).toMatchObject({
      standing: 'held',
      runId: run?.id,
    });
    const alerts = await world.raw('alerts').find().toArray();
    expect(alerts).toMatchObject([{ kind: 'run-held', runId: run?.id }]);
    if (run === undefined) throw new Error('there is no run');
    const decided = await world.decide(run, 'approve');
    expect(decided).toMatchObject({ status: 'succeeded', decided: { done: 1 } });
    expect(await statuses()).toEqual(['inactive', 'inactive', 'inactive']);
  });

  it('is answered when an expression loops for its user, whose field stays blank', async () => {
    const expression = `firstname = "Loop" ? ${blocking} : $uppercase(firstname)`;
    await world.addStore({
      mapping: { ...world.store.config.mapping, displayName: { expression } },
    });
    const push = (userName: string, givenName: string) =>
      world.ask('POST', '/Users', { ...aUser(userName), name: { givenName, familyName: 'L' } });
    const answers = await Promise.all([push('ada', 'Ada'), push('bob', 'Loop')]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const members = await world.allMembers();
    expect(members.map(({ fields }) => [fields.firstName, fields.displayName])).toEqual(
      expect.arrayContaining([
        ['Ada', 'ADA'],
        ['Loop', undefined],
      ]),
    );
  });

  it('counts removals into the same brake as pulls do, however they are pushed', async () => {
    await world.addStore({
      settings: {
        notifications: defaultNotifications,
        statusSync: { ...world.store.config.settings.statusSync, deleted: 'delete' },
      },
    });
    const ids = await world.pushUsers(names(10));
    for (const id of ids.slice(0, 6)) {
      expect((await world.ask('DELETE', `/Users/${id}`)).status).toBe(204);
    }
    expect(await world.allMembers()).toHaveLength(5);
    const sixth = await world.member(ids[5] ?? '');
    expect(sixth).toMatchObject({ status: 'active' });
    const [run] = await world.endedRuns();
    if (run === undefined) throw new Error('there is no run');
    expect(await world.recordsOf(run)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ externalId: ids[5], action: 'delete', status: 'held' }),
      ]),
    );
    // A full sync keeps the record held, and its approval reads the last push.
    expect(await world.sync()).toMatchObject({ counts: { heldEarlier: 1, applied: 0 } });
    expect(await world.decide(run, 'approve')).toMatchObject({ decided: { done: 1 } });
    expect(await world.allMembers()).toHaveLength(4);
  });

  it('closes a held record when the directory reverts it', async () => {
    const ids = await world.pushUsers(names(2));
    for (const id of ids) await suspend(id);
    const back = await world.ask('PATCH', `/Users/${ids[1]}`, {
      Operations: [{ op: 'replace', path: 'active', value: true }],
    });
    expect(standingOf(back)).toMatchObject({ standing: 'active' });
    const [run] = await world.endedRuns();
    if (run === undefined) throw new Error('there is no run');
    expect(run).toMatchObject({ status: 'succeeded' });
    expect(await world.recordsOf(run)).toContainEqual(
      expect.objectContaining({ status: 'rejected', reason: 'no longer true' }),
    );
  });

  it('stays rejected once an administrator rejected it', async () => {
    const ids = await world.pushUsers(names(2));
    for (const id of ids) await suspend(id);
    const [run] = await world.endedRuns();
    if (run === undefined) throw new Error('there is no run');
    await world.decide(run, 'reject');
    expect(standingOf(await suspend(ids[1] ?? ''))).toMatchObject({ standing: 'rejected' });
    expect(await world.member(ids[1] ?? '')).toMatchObject({ status: 'active' });
  });

  it('is grouped in time, each person once a run', async () => {
    const [ada = ''] = await world.pushUsers(['ada', 'bob']);
    await world.ask('PUT', `/Users/${ada}`, aUser('ada', { title: 'Chief' }));
    const runs = await world.endedRuns();
    expect(runs.map(({ counts }) => [counts.create, counts.update, counts.listed])).toEqual([
      [0, 1, 1],
      [2, 0, 2],
    ]);
    for (const run of runs) {
      const people = (await world.recordsOf(run)).map(({ externalId }) => externalId);
      expect(new Set(people).size).toBe(people.length);
    }
  });

  it('writes nothing when it contains nothing new', async () => {
    const [ada = ''] = await world.pushUsers(['ada']);
    await world.endedRuns();
    const before = await world.ask('GET', `/Users/${ada}`);
    await world.ask('PUT', `/Users/${ada}`, aUser('ada'));
    const after = await world.ask('GET', `/Users/${ada}`);
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
    expect(await world.endedRuns()).toHaveLength(1);
    expect(await world.sync()).toMatchObject({
      status: 'succeeded',
      counts: { listed: 1, unchanged: 1 },
      certificate: { complete: true },
    });
  });

  it('is undone by an undo run, which pauses the store; later pushes then wait for a sync', async () => {
    const [ada = ''] = await world.pushUsers(['ada']);
    await world.endedRuns();
    await world.ask('PUT', `/Users/${ada}`, aUser('ada', { title: 'Chief' }));
    const [run] = await world.endedRuns();
    if (run === undefined) throw new Error('there is no run');
    await world.undo(run);
    expect((await world.member(ada))?.fields).not.toHaveProperty('jobTitle');
    const pushed = await world.ask('PUT', `/Users/${ada}`, aUser('ada', { title: 'Boss' }));
    expect(pushed).toMatchObject({ status: 200, body: { title: 'Boss' } });
    expect(standingOf(pushed)).toMatchObject({ standing: 'paused' });
    expect((await world.member(ada))?.fields).not.toHaveProperty('jobTitle');
    await world.stores.setStatus(world.store.id, 'active');
    await world.sync();
    expect((await world.member(ada))?.fields).toMatchObject({ jobTitle: 'Boss' });
  });

  it('reports conflicts and problems, and refuses only a user name that another user has', async () => {
    await world.pushUsers(['ada']);
    const conflict = await world.ask(
      'POST',
      '/Users',
      aUser('ada2', { emails: [{ value: 'ADA@acme.test' }] }),
    );
    expect(conflict.status).toBe(201);
    expect(standingOf(conflict)).toEqual({
      standing: 'conflict',
      reason: expect.stringContaining('the e-mail address belongs to'),
      runId: expect.any(String),
    });
    const problem = await world.ask('POST', '/Users', { userName: 'nomail' });
    expect(problem.status).toBe(201);
    expect(standingOf(problem)).toMatchObject({ standing: 'problem', reason: 'no e-mail address' });
    const taken = await world.ask('POST', '/Users', aUser('ADA'));
    expect(taken).toMatchObject({ status: 409, body: { scimType: 'uniqueness', status: '409' } });
    const [bob = ''] = await world.pushUsers(['bob']);
    expect((await world.ask('PUT', `/Users/${bob}`, aUser('ada'))).status).toBe(409);
  });

  it('adopts a member that was added by hand', async () => {
    const byHand = { email: 'ada@acme.test', firstName: 'A', lastName: 'L', actor };
    const { id } = await addMember({ ...world, clock: world.clock }, byHand);
    const answer = await world.ask('POST', '/Users', aUser('ada'));
    expect(standingOf(answer)).toEqual({ standing: 'active', memberId: id });
    expect(await world.member(answer.id)).toMatchObject({ id, fields: { firstName: 'ada' } });
  });

  it('takes over the members kept when the store was removed and is added again', async () => {
    const [first = ''] = await world.pushUsers(['ada']);
    const before = await world.member(first);
    await world.stores.remove(world.store, 'keep');
    await world.addStore();
    const [again = ''] = await world.pushUsers(['ada']);
    expect(again).not.toBe(first);
    expect(await world.member(again)).toMatchObject({ id: before?.id, keptFrom: null });
  });

  it('is deleted with the person who is erased', async () => {
    const [ada = '', bob = ''] = await world.pushUsers(['ada', 'bob']);
    await world.ask('POST', '/Groups', { displayName: 'A', members: [{ value: ada }] });
    await world.endedRuns();
    const ports = { ...world, clock: world.clock, random: () => 0.5 };
    await eraseMember(ports, { email: 'ada@acme.test', actor });
    expect((await world.ask('GET', `/Users/${ada}`)).status).toBe(404);
    await world.sync();
    expect((await world.allMembers()).map(({ externalId }) => externalId)).toEqual([bob]);
    for (const collection of ['scimUsers', 'scimMemberships', 'members', 'records']) {
      const all = await world.raw(collection).find().toArray();
      expect(JSON.stringify(all)).not.toContain('ada@acme.test');
    }
  });

  it('is finished by a worker when its process died', async () => {
    const [ada = ''] = await world.pushUsers(['ada']);
    await world.endedRuns();
    const run = await world.runs.insertUnderWay({
      storeId: world.store.id,
      mode: 'delta',
      trigger: 'push',
      configRevision: 1,
      requestedBy: 'scim',
    });
    const [user] = await world.scim.users.byIds(world.store.id, [ada]);
    if (user === undefined) throw new Error('there is no user');
    await world.scim.users.replace({ ...user, resource: { ...user.resource, title: 'Chief' } });
    const member = await world.member(ada);
    const change = { field: 'jobTitle', from: null, to: 'Chief' };
    const draft = blankDraft({ runId: run.id }, ada, 'ada@acme.test');
    await world.records.insertMany([
      { ...draft, seq: 1, memberId: member?.id ?? '', fromRevision: 1, changes: [change] },
    ]);
    // Meanwhile it blocks no other run.
    expect(await world.sync('plan')).toMatchObject({ status: 'planned', counts: { update: 1 } });
    expect(await world.execute(run.id)).toMatchObject({
      status: 'succeeded',
      counts: { update: 1, applied: 1 },
    });
    expect((await world.member(ada))?.fields).toMatchObject({ jobTitle: 'Chief' });
  });

  it('leads to the stored users when several processes receive pushes', async () => {
    const [ada = ''] = await world.pushUsers(['ada']);
    const others = [1, 2].map(() =>
      createPushService({ ...world, directories, clock: world.clock }),
    );
    const contexts = others.map((pusher) => ({
      storeId: world.store.id,
      scim: world.scim,
      pusher,
      baseUrl: '',
    }));
    await Promise.all(
      Array.from({ length: 30 }, (_, at) =>
        patchUser(contexts[at % 2] as ScimContext, {
          id: ada,
          ifMatch: null,
          projection: wholeResource,
          body: { Operations: [{ op: 'replace', path: 'title', value: `T${at % 3}` }] },
        }),
      ),
    );
    await Promise.all(others.map((pusher) => pusher.endRuns()));
    const [user] = await world.scim.users.byIds(world.store.id, [ada]);
    expect((await world.member(ada))?.fields.jobTitle).toBe(user?.resource['title']);
    const statuses = (await world.endedRuns()).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(['succeeded']));
  });

  it('can’t be cancelled, and does not keep the store from being removed', async () => {
    await world.pushUsers(['ada']);
    const [open] = await world.runs.list({ storeId: world.store.id, statuses: ['applying'] });
    if (open === undefined) throw new Error('no run gathers what is pushed');
    const ports = { ...world, queue: { reconcileSchedules: async () => undefined } };
    await expect(cancelRun(ports, open, actor)).rejects.toThrow('ends by itself');
    const removal = { store: world.store, members: 'delete' } as const;
    await removeStore(ports as never, removal, actor);
    expect(await world.allMembers()).toEqual([]);
    await world.addStore();
  });

  it('loses no change of a group that is made at the same time', async () => {
    const ids = await world.pushUsers(names(12));
    const group = await world.ask('POST', '/Groups', { displayName: 'A' });
    const answers = await Promise.all(
      ids.map((value) =>
        world.ask('PATCH', `/Groups/${group.id}`, {
          Operations: [{ op: 'add', path: 'members', value: [{ value }] }],
        }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    const { body, headers } = await world.ask('GET', `/Groups/${group.id}`);
    expect(body['members']).toHaveLength(12);
    expect(headers.get('etag')).toBe('W/"13"');
  });

  it('adds a thousand members in one request', async () => {
    const operations = names(1000).map((name, at) => ({
      method: 'POST',
      path: '/Users',
      bulkId: String(at),
      data: aUser(name),
    }));
    const bulk = await world.ask('POST', '/Bulk', { Operations: operations });
    expect(bulk.status).toBe(200);
    expect(await world.raw('members').countDocuments({ status: 'active' })).toBe(1000);
    const { resources } = await world.scim.users.search({
      storeId: world.store.id,
      filter: null,
      sort: null,
      skip: 0,
      limit: 1000,
    });
    const value: object[] = [];
    for await (const { id } of resources) value.push({ value: id });
    const group = await world.ask('POST', '/Groups', { displayName: 'All' });
    const answer = await world.ask('PATCH', `/Groups/${group.id}`, {
      Operations: [{ op: 'add', path: 'members', value }],
    });
    expect(answer.status).toBe(204);
    const { body } = await world.ask('GET', `/Groups/${group.id}`);
    expect(body['members']).toHaveLength(1000);
  });
});
