import { standingSchema } from '../../../src/core/scim/schemas.ts';
import { defaultNotifications } from '../../../src/core/store-file/default-config.ts';
import { type Answer, aUser, openScimWorld, type ScimWorld, standingOf } from './scim-world.ts';

const names = (count: number) => Array.from({ length: count }, (_, at) => `user${at}`);

describe('an address that several pushed users want', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
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

  const move = (id: string, to: string): Promise<Answer> =>
    world.ask('PATCH', `/Users/${id}`, {
      Operations: [{ op: 'replace', path: 'emails[type eq "work"].value', value: to }],
    });
  const addressOf = async (id: string) => (await world.member(id))?.fields.email ?? null;
  const conflict = {
    standing: 'conflict',
    reason: expect.stringContaining('the e-mail address belongs to'),
  };

  it('is a conflict in every answer while another member has it', async () => {
    const [ada = '', bob = ''] = await world.pushUsers(['ada', 'bob']);
    const late = await world.ask(
      'POST',
      '/Users',
      aUser('late', { emails: [{ value: 'ADA@acme.test' }] }),
    );
    expect(standingOf(await world.ask('GET', `/Users/${late.id}`))).toEqual(conflict);
    const found = await world.ask('GET', `/Users?filter=${encodeURIComponent('userName sw "l"')}`);
    expect(found.body).toMatchObject({ Resources: [{ [standingSchema]: conflict }] });

    const inConflict = { ...conflict, memberId: (await world.member(bob))?.id };
    expect(standingOf(await move(bob, 'ada@acme.test'))).toMatchObject(inConflict);
    expect(standingOf(await world.ask('GET', `/Users/${bob}`))).toEqual(inConflict);
    expect(standingOf(await world.ask('GET', `/Users/${ada}`))).toMatchObject({
      standing: 'active',
    });
    // A removal is applied without the address.
    await suspend(bob);
    expect(await world.member(bob)).toMatchObject({ status: 'inactive' });
    expect(standingOf(await world.ask('GET', `/Users/${bob}`))).toEqual(inConflict);
  });

  it('is swapped when users are pushed one after the other, also among three', async () => {
    const [ada = '', bob = '', cy = ''] = await world.pushUsers(['ada', 'bob', 'cy']);
    expect(standingOf(await move(ada, 'bob@acme.test'))).toMatchObject(conflict);
    expect(standingOf(await move(bob, 'cy@acme.test'))).toMatchObject(conflict);
    expect(standingOf(await move(cy, 'ada@acme.test'))).toMatchObject({ standing: 'active' });
    expect(await Promise.all([ada, bob, cy].map(addressOf))).toEqual([
      'bob@acme.test',
      'cy@acme.test',
      'ada@acme.test',
    ]);
    expect(standingOf(await world.ask('GET', `/Users/${ada}`))).toMatchObject({
      standing: 'active',
    });
    for (const run of await world.endedRuns()) expect(run).toMatchObject({ status: 'succeeded' });
  });

  it('goes to the waiting user once its owner moves on, and so on along a chain', async () => {
    const { safeguards } = world.store.config;
    const emailChanges = { percent: 100, floor: 100 };
    await world.addStore({ safeguards: { ...safeguards, emailChanges } });
    const ids = await world.pushUsers(names(8));
    // Each wants the address of the user before.
    const waiting: Answer[] = [];
    for (const [at, id] of ids.slice(1).entries()) {
      waiting.push(await move(id, `user${at}@acme.test`));
    }
    expect(waiting.map(standingOf)).toEqual(waiting.map(() => expect.objectContaining(conflict)));
    await move(ids[0] ?? '', 'new@acme.test');
    expect(await Promise.all(ids.map(addressOf))).toEqual([
      'new@acme.test',
      ...names(7).map((name) => `${name}@acme.test`),
    ]);
  });

  it.each(['deactivate', 'delete'] as const)(
    'goes to the waiting user once its owner is removed (%s)',
    async (deleted) => {
      const { statusSync } = world.store.config.settings;
      await world.addStore({
        settings: { notifications: defaultNotifications, statusSync: { ...statusSync, deleted } },
      });
      const [ada = '', bob = ''] = await world.pushUsers(['ada', 'bob', 'cy']);
      await move(bob, 'ada@acme.test');
      const { id } = await world.ask(
        'POST',
        '/Users',
        aUser('late', { emails: [{ value: 'bob@acme.test' }] }),
      );
      await world.ask('DELETE', `/Users/${ada}`);
      expect(await addressOf(bob)).toBe('ada@acme.test');
      expect(await addressOf(id)).toBe('bob@acme.test');
    },
  );

  it('goes to the waiting user once its inactive owner is removed', async () => {
    const [ada = '', bob = ''] = await world.pushUsers(['ada', 'bob', 'cy']);
    await suspend(ada);
    expect(standingOf(await move(bob, 'ada@acme.test'))).toMatchObject(conflict);
    await world.ask('DELETE', `/Users/${ada}`);
    expect(await addressOf(bob)).toBe('ada@acme.test');
  });

  it('goes to the waiting user once the removal of its owner is approved', async () => {
    const [ada = '', bob = ''] = await world.pushUsers(['ada', 'bob']);
    const late = await world.ask(
      'POST',
      '/Users',
      aUser('late', { emails: [{ value: 'bob@acme.test' }] }),
    );
    for (const id of [ada, bob]) await world.ask('DELETE', `/Users/${id}`);
    const [run] = await world.endedRuns();
    if (run === undefined) throw new Error('there is no run');
    expect(standingOf(await world.ask('GET', `/Users/${late.id}`))).toEqual(conflict);
    // Pushed long before the decision.
    const longAgo = new Date(world.clock.now().getTime() - 3_600_000);
    await world.raw('scimUsers').updateMany({}, { $set: { updatedAt: longAgo } });
    await world.decide(run, 'approve');
    expect(await addressOf(late.id)).toBe('bob@acme.test');
    expect((await statuses()).toSorted()).toEqual(['active', 'inactive', 'inactive']);
  });

  it('goes to one of two waiting users, and the other gets a conflict with that member', async () => {
    const [ada = '', bob = '', cy = ''] = await world.pushUsers(['ada', 'bob', 'cy']);
    for (const id of [cy, bob]) await move(id, 'ada@acme.test');
    await move(ada, 'new@acme.test');
    expect(await addressOf(bob)).toBe('ada@acme.test');
    expect(standingOf(await world.ask('GET', `/Users/${cy}`))).toMatchObject({
      standing: 'conflict',
      reason: `the e-mail address belongs to the member of user ${bob}`,
    });
    // Each conflict was reported once, when it was pushed.
    const records = await Promise.all((await world.endedRuns()).map((run) => world.recordsOf(run)));
    expect(records.flat().filter(({ action }) => action === 'conflict')).toHaveLength(2);
  });

  it('is swapped when users are pushed at the same time', async () => {
    const [ada = '', bob = ''] = await world.pushUsers(['ada', 'bob']);
    const [first, second] = await Promise.all([
      move(ada, 'bob@acme.test'),
      move(bob, 'ada@acme.test'),
    ]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect((await world.member(ada))?.fields.email).toBe('bob@acme.test');
    expect((await world.member(bob))?.fields.email).toBe('ada@acme.test');
  });
});
