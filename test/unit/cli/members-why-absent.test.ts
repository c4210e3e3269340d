import { defaultNotifications } from '../../../src/core/store-file/default-config.ts';
import { aStore, statusSync } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';
import { ada, bob, configure, salesOnly, sync, text, why, worldOf } from '../../fakes/why-world.ts';

describe('members why, for a person who is no member', () => {
  it('names the first failing condition and the changes that would admit', async () => {
    const world = worldOf({ criteria: salesOnly });
    await sync(world);
    expect(await why(world, 'BOB@x.test')).toMatchObject({
      email: 'BOB@x.test',
      member: null,
      imported: false,
      store: 'store1',
      storeName: 'acme',
      storeStatus: 'active',
      nextRunAt: null,
      source: { externalId: 'u2', state: 'ACTIVATED', scope: 'out-of-scope' },
      reason: { code: 'out-of-scope', message: expect.stringContaining('condition 1') },
      criteria: {
        verdict: 'out',
        conditions: [
          {
            number: 1,
            condition: { attribute: 'department', operator: 'equals', value: 'Sales' },
            holds: false,
            unknown: null,
            actual: ['IT'],
          },
          { number: 2, condition: { memberOf: 'Engineers' }, holds: false, actual: null },
          { number: 3, holds: false, actual: [] },
        ],
        pattern: '(1 or 2) and not 3',
        firstFailing: 1,
        wouldAdmit: [[1], [2]],
      },
      field: null,
      fields: [],
      status: null,
    });
    const shown = await text(world, 'bob@x.test', 'department');
    expect(shown).toContain('bob@x.test is not a member of acme.');
    expect(shown).toMatch(/→ +1 +no +IT +\{ attribute: department/);
    expect(shown).toMatch(/ 2 +no +not in the group/);
    expect(shown).toMatch(/ 3 +no +\(blank\)/);
    expect(shown).toContain(
      'Would let this person in: condition 1 holding; or condition 2 holding.',
    );
  });

  it('names the first of 500 groups that the person could be in', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `Group ${index + 1}`);
    const world = worldOf({ criteria: { users: { conditions: [{ memberOf: names }] } } });
    for (const [at, name] of names.entries()) {
      world.directory.groups.set(`g${at}`, { name, members: new Set(at === 499 ? ['u1'] : []) });
    }
    await sync(world);
    const answer = await why(world, 'bob@x.test');
    expect(answer).toMatchObject({
      reason: { code: 'out-of-scope' },
      criteria: { conditions: [{ condition: { memberOf: names }, holds: false }], pattern: '1' },
    });
    expect(JSON.stringify(answer['reason']).length).toBeLessThan(300);
    const shown = await text(world, 'bob@x.test');
    expect(shown).toContain('in none of them');
    expect(shown).toContain('{ memberOf: [Group 1, Group 2, Group 3 and 497 more] }');
    expect(shown.length).toBeLessThan(2000);
    expect(await why(world, 'ada@x.test')).toMatchObject({ imported: true });
  });

  it('asks for the person’s own groups', async () => {
    const world = worldOf({ criteria: salesOnly });
    await sync(world);
    world.directory.groups.get('g1')?.members.add('u2');
    expect(await why(world, 'bob@x.test')).toMatchObject({
      reason: { code: 'not-yet' },
      criteria: { verdict: 'in', conditions: [{}, { holds: true }, {}] },
    });
    world.directory.groups.clear();
    expect(await why(world, 'bob@x.test')).toMatchObject({
      reason: { code: 'runs-fail', message: 'Every run fails: no group Engineers.' },
      criteria: { verdict: 'unknown' },
    });
  });

  it('says when the next run creates the member, or why none will', async () => {
    const world = worldOf();
    const schedule = { enabled: true, frequency: 'daily', time: '02:00', timezone: 'UTC' } as const;
    configure(world, { schedule });
    expect(await why(world, 'ada@x.test')).toMatchObject({
      reason: { code: 'not-yet' },
      nextRunAt: '2026-02-01T02:00:00.000Z',
    });
    expect(await text(world, 'ada@x.test')).toContain('next run    due in 2 hours');
    const store = world.stores.all.get('store1') ?? aStore();
    world.stores.all.set('store1', { ...store, status: 'paused' });
    expect(await text(world, 'ada@x.test')).toContain('acme is paused. Sync it now with: rollcall');
    world.stores.all.set('store1', { ...store, status: 'needs-reauthorization' });
    expect(await text(world, 'ada@x.test')).toContain('rollcall store reauthorize acme');
    configure(world, { schedule: null });
    world.stores.all.set('store1', aStore());
    expect(await text(world, 'ada@x.test')).toContain('acme has no schedule.');
  });

  it.each([
    ['STAGED', {}, 'staged'],
    ['SUSPENDED', { deactivated: 'delete' }, 'suspended'],
    ['SUSPENDED', {}, 'not-yet'],
  ] as const)('%s with %j: %s', async (state, settings, code) => {
    const world = worldOf({
      settings: { notifications: defaultNotifications, statusSync: { ...statusSync, ...settings } },
    });
    world.directory.set({ ...ada, state });
    expect(await why(world, 'ada@x.test')).toMatchObject({ reason: { code } });
  });

  it('explains, of several with one address, the one that a run would import', async () => {
    const world = worldOf();
    world.directory.set(
      { ...ada, state: 'STAGED' },
      { id: 'u3', email: 'ADA@x.test' },
      { id: 'u4', email: 'ada@x.test' },
    );
    expect(await why(world, 'ada@x.test')).toMatchObject({
      source: { externalId: 'u3' },
      reason: { code: 'not-yet', message: expect.stringContaining('; u4 with the same address') },
    });
  });

  it('finds people by an address that the mapping takes from another attribute', async () => {
    const world = worldOf({ mapping: { email: { attribute: 'workMail' } } });
    world.directory.set({ ...ada, record: { workMail: 'Ada@Work.test' } });
    expect(await why(world, 'ada@work.test')).toMatchObject({
      source: { externalId: 'u1' },
      reason: { code: 'not-yet' },
    });
    expect(await why(world, 'bob@x.test')).toMatchObject({
      source: { externalId: 'u2' },
      reason: { code: 'email', message: expect.stringContaining('no e-mail address') },
    });
    world.directory.broken = 'a seam does not match';
    expect(await why(world, 'nobody@x.test')).toMatchObject({
      reason: { code: 'source-unread', message: expect.stringContaining('a seam') },
    });
  });

  it('reports an unreadable record and a criterion that can’t be decided', async () => {
    const world = worldOf({ criteria: salesOnly });
    world.directory.set(
      { ...ada, unreadable: 'its state is 5' },
      { ...bob, record: { department: {} } },
    );
    expect(await why(world, 'ada@x.test')).toMatchObject({
      reason: { code: 'unreadable' },
      source: { state: null, error: 'its state is 5' },
      criteria: null,
    });
    expect(await why(world, 'bob@x.test')).toMatchObject({
      reason: { code: 'criteria-unknown' },
      criteria: { verdict: 'unknown', conditions: [{ holds: null, actual: [{}] }, {}, {}] },
    });
  });

  it('names a member with the same source id, and the owner of the address', async () => {
    const world = worldOf();
    await sync(world);
    world.directory.set({ ...ada, email: 'countess@x.test' });
    expect(await why(world, 'countess@x.test')).toMatchObject({
      reason: { code: 'other-address', message: expect.stringContaining('as ada@x.test') },
    });
    world.stores.all.set('store2', aStore({ id: 'store2', name: 'beta' }));
    expect(await why(world, 'bob@x.test', '--store', 'beta')).toMatchObject({
      storeName: 'beta',
      reason: { code: 'conflict', message: expect.stringContaining('the member of user u2') },
    });
    expect(await why(world, 'bob@x.test', '--store', 'acme')).toMatchObject({ imported: true });
  });

  it('asks every store, and lists those first that know the person', async () => {
    const world = worldOf({ criteria: salesOnly });
    const pushed = aStore({ id: 'store2', name: 'aaa', via: 'scim' });
    world.stores.all.set('store2', pushed);
    const answer = await why(world, 'bob@x.test');
    expect(answer).toMatchObject({
      storeName: 'acme',
      stores: [
        { storeName: 'acme', reason: { code: 'out-of-scope' } },
        { storeName: 'aaa', reason: { code: 'not-in-directory' } },
      ],
    });
    expect(await text(world, 'bob@x.test')).toMatch(/acme:\nThey don’t[\s\S]*aaa:\nNo user/);
  });

  it('finds the record of a deleted member, or says that there is none', async () => {
    const world = worldOf({
      settings: {
        notifications: defaultNotifications,
        statusSync: { ...statusSync, deleted: 'delete' },
      },
    });
    await sync(world);
    world.directory.people.delete('u2');
    const run = await sync(world);
    await sync(world);
    expect(await why(world, 'Bob@x.test')).toMatchObject({
      imported: false,
      source: { found: false },
      reason: { code: 'not-in-directory' },
      latest: { run, action: 'delete', status: 'applied', externalId: 'u2' },
    });
    expect(await why(world, 'nobody@x.test')).toMatchObject({ latest: null });
    expect(await text(world, 'bob@x.test')).toMatch(/last record +delete in run run2/);
    expect(await why(new CliWorld(), 'nobody@x.test')).toMatchObject({
      reason: { code: 'no-store' },
      stores: [],
    });
  });

  it('shows the latest record of a person whose create failed', async () => {
    const world = worldOf();
    world.members.insertMany = async (members) => ({
      applied: [],
      failed: members.map(({ lastRecord }) => ({
        recordId: lastRecord ?? '',
        code: 'refused',
        error: 'full',
      })),
    });
    const run = await sync(world);
    expect(await why(world, 'ada@x.test')).toMatchObject({
      reason: { code: 'not-yet' },
      latest: { run, action: 'create', status: 'failed', error: 'full' },
    });
  });
});
