import type { SyncRecord } from '../../../src/core/model/record.ts';
import { defaultNotifications } from '../../../src/core/store-file/default-config.ts';
import { aConfig, aMember, aStore, statusSync } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

const person = (n: number, parts: object = {}) => ({
  id: `u${n}`,
  email: `u${n}@acme.test`,
  state: 'ACTIVATED' as const,
  record: { department: `Department ${n}` },
  ...parts,
});

interface Erased {
  readonly erased: boolean;
  readonly members: number;
  readonly records: number;
  readonly runs: readonly string[];
}

/** Ten members, with more records than their creates. */
async function lived(): Promise<CliWorld> {
  const world = new CliWorld();
  world.stores.all.set('store1', aStore());
  world.startWorker();
  for (let n = 1; n <= 10; n += 1) world.directory.set(person(n));
  await sync(world);
  world.directory.set(person(1, { email: 'anna@acme.test', record: { department: 'Legal' } }));
  await sync(world);
  return world;
}
const sync = async (world: CliWorld) =>
  (await world.run(['sync', 'acme', '--wait', '--json'])).json() as { readonly id: string };
const erase = (world: CliWorld, email: string) =>
  world.run(['members', 'erase', email, '--yes', '--json']);
const everything = (world: CliWorld) =>
  JSON.stringify([world.members, world.records, world.runs].map(({ all }) => [...all.values()]));
const openRecords = (world: CliWorld): readonly SyncRecord[] =>
  [...world.records.all.values()].filter(({ status }) => ['held', 'planned'].includes(status));

describe('members erase', () => {
  it('says what it would do, and does nothing without --yes', async () => {
    const world = await lived();
    const before = everything(world);
    const outcome = await world.run(['members', 'erase', 'Anna@acme.test']);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stdout).toContain('1 member and what 2 records say');
    expect(outcome.stderr).toContain('rollcall members erase Anna@acme.test --yes');
    expect(everything(world)).toBe(before);
    const json = await world.run(['members', 'erase', 'anna@acme.test', '--json']);
    expect(json.json()).toMatchObject({ erased: false, members: 1, records: 2, runs: [] });
  });

  it('finds a person by either spelling of an international domain, and with a hidden character', async () => {
    const world = await lived();
    world.directory.set(person(1, { email: 'anna@münchen.example' }));
    await sync(world);
    const stored = [...world.members.all.values()].find(({ externalId }) => externalId === 'u2');
    const email = 'u2\u200d@acme.test';
    const fields = { ...stored?.fields, email };
    world.members.all.set('u2', { ...aMember(), ...stored, id: 'u2', fields, emailKey: email });
    const erased = (await erase(world, 'Anna@xn--mnchen-3ya.example')).json() as Erased;
    expect(erased).toMatchObject({ erased: true, members: 1 });
    expect((await erase(world, email)).json()).toMatchObject({ erased: true, members: 1 });
    expect(everything(world)).not.toMatch(/anna|münchen|u2\u200d/);
  });

  it('empties the values in the audit that name the person, and no others', async () => {
    const world = await lived();
    const only = (...emails: string[]) =>
      world.run(['store', 'apply', 'acme', '-f', '-'], {
        input: JSON.stringify({
          criteria: {
            users: { conditions: [{ attribute: 'email', operator: 'in', value: emails }] },
          },
        }),
      });
    await only('Anna@acme.test');
    await only('joanna@acme.test');
    expect(JSON.stringify(world.audit.all)).toContain('Anna@acme.test');
    expect((await erase(world, 'anna@acme.test')).exitCode).toBe(0);
    expect(JSON.stringify(world.audit.all)).not.toMatch(/\banna@acme/i);
    const changes = world.audit.all
      .filter(({ action }) => action === 'store-configured')
      .flatMap((entry) => entry.changes);
    const emptied = 'emptied: it named a person who was erased';
    expect(changes).toMatchObject([
      { path: 'criteria.users', to: emptied },
      { path: 'criteria.users', from: emptied, to: expect.stringContaining('joanna@acme.test') },
    ]);
  });

  it('leaves no data of a person except that there was one', async () => {
    const world = await lived();
    const done = (await erase(world, 'anna@acme.test')).json() as Erased;
    expect(done).toMatchObject({ erased: true, members: 1, records: 2 });
    expect(everything(world)).not.toMatch(/anna|u1@acme|Legal|Department 1"/);
    expect(world.members.all.size).toBe(9);
    const [audit = ''] = done.runs;
    expect(world.runs.all.get(audit)).toMatchObject({
      mode: 'single',
      trigger: 'manual',
      status: 'succeeded',
      storeId: 'store1',
      requestedBy: 'cli:ada',
      counts: { delete: 1, applied: 1 },
    });
    expect(world.records.ofRun(audit)).toMatchObject([
      { action: 'delete', status: 'applied', memberId: 'store1.u1', email: null, changes: [] },
    ]);
    expect((await erase(world, 'anna@acme.test')).exitCode).toBe(2);
  });

  it('says that a directory which still has the person brings them back, and its reason', async () => {
    const world = await lived();
    const outcome = await world.run(['members', 'erase', 'anna@acme.test', '--yes']);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toContain('the next run creates them');
    expect(outcome.stdout).toContain('Its directory still has them');
    await sync(world);
    expect(world.members.all.get('store1.u1')?.fields.email).toBe('anna@acme.test');
    world.directory.people.delete('u1');
    expect((await world.run(['members', 'erase', 'anna@acme.test', '--yes'])).stdout).toContain(
      'acme: its directory does not have them.',
    );
    const [, next] = [await sync(world), await sync(world)];
    expect(world.records.ofRun(next.id)).toEqual([]);
    expect(world.members.all.size).toBe(9);
  });

  it('reaches a former member, and all members with the address at two ids', async () => {
    const world = await lived();
    world.stores.all.set(
      'store1',
      aStore({
        config: aConfig({
          settings: {
            notifications: defaultNotifications,
            statusSync: { ...statusSync, deleted: 'delete' },
          },
        }),
      }),
    );
    world.directory.people.delete('u2');
    world.directory.set(person(11, { email: 'u3@acme.test', record: { department: 'Rivals' } }));
    await sync(world);
    expect((await erase(world, 'u2@acme.test')).json()).toMatchObject({ members: 0, records: 2 });
    expect(everything(world)).not.toMatch(/u2@acme|Department 2"/);
    expect((await erase(world, 'u3@acme.test')).json()).toMatchObject({ members: 1, records: 2 });
    expect(everything(world)).not.toContain('u3@acme');
  });

  it('does not erase another person who had the address before', async () => {
    const world = await lived();
    const gone = await erase(world, 'u1@acme.test');
    expect(gone.exitCode).toBe(2);
    expect(gone.stderr).toContain('anna@acme.test');
    world.directory.set(person(12, { email: 'u1@acme.test' }));
    await sync(world);
    expect((await erase(world, 'u1@acme.test')).json()).toMatchObject({ members: 1, records: 1 });
    expect(world.members.all.get('store1.u1')?.fields.email).toBe('anna@acme.test');
    expect(world.records.ofRun('run1')[0]?.email).toBe('u1@acme.test');
  });

  it('does not erase a person with the same source id in another store', async () => {
    const world = await lived();
    const twin = aMember({ id: 'store2.u1', storeId: 'store2', emailKey: 'twin@other.test' });
    world.members.all.set(twin.id, twin);
    const { run } = await world.runs.enqueue({
      storeId: 'store2',
      mode: 'full',
      trigger: 'manual',
      configRevision: 1,
      requestedBy: 'cli:ada',
    });
    const [first] = world.records.ofRun('run1');
    if (first === undefined) throw new Error('no record');
    const theirs = { ...first, id: `${run.id}.u1`, runId: run.id, memberId: twin.id };
    await world.records.insertMany([{ ...theirs, email: 'twin@other.test' }]);
    expect((await erase(world, 'anna@acme.test')).json()).toMatchObject({ records: 2 });
    expect(world.records.ofRun(run.id)[0]?.email).toBe('twin@other.test');
    expect(world.members.all.has(twin.id)).toBe(true);
  });

  it('closes the held records of the person, and a run without other held ones', async () => {
    const world = await lived();
    for (let n = 4; n <= 9; n += 1) world.directory.set(person(n, { state: 'SUSPENDED' }));
    const { id } = await sync(world);
    expect(world.runs.all.get(id)).toMatchObject({ status: 'held', counts: { held: 6 } });
    for (let n = 4; n <= 9; n += 1) {
      expect(openRecords(world)).toHaveLength(10 - n);
      expect((await erase(world, `u${n}@acme.test`)).exitCode).toBe(0);
    }
    expect(world.runs.all.get(id)).toMatchObject({
      status: 'succeeded',
      counts: { held: 0 },
      resolvedAt: expect.any(Date),
    });
    expect(world.records.ofRun(id)[0]).toMatchObject({ status: 'rejected', decidedBy: 'cli:ada' });
  });

  it('is not reverted by an undo, neither its own run nor an earlier one', async () => {
    const world = await lived();
    world.stores.all.set(
      'store1',
      aStore({
        config: aConfig({
          settings: {
            notifications: defaultNotifications,
            statusSync: { ...statusSync, deleted: 'delete' },
          },
        }),
      }),
    );
    world.directory.people.delete('u2');
    const { id: deletion } = await sync(world);
    const { runs } = (await erase(world, 'u2@acme.test')).json() as Erased;
    const own = await world.run(['runs', 'undo', runs[0] ?? '']);
    expect(own).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('for good') });
    expect(world.stores.all.get('store1')?.status).toBe('active');
    await world.run(['runs', 'undo', deletion]);
    expect(world.members.all.has('store1.u2')).toBe(false);
    expect([...world.records.all.values()].at(-1)?.reason).toContain('erased for good');
  });

  it('waits for no run: while one is at work nothing is changed', async () => {
    const world = await lived();
    world.leases.holders.set('store1', 'worker2');
    const before = everything(world);
    const outcome = await erase(world, 'anna@acme.test');
    expect(outcome).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('at work') });
    expect(everything(world)).toBe(before);
    world.leases.holders.delete('store1');
    expect((await erase(world, 'anna@acme.test')).exitCode).toBe(0);
    expect(world.leases.holders.size).toBe(0);
  });

  it('reaches members added by hand, before and after a directory adopted them', async () => {
    const world = await lived();
    const add = ['members', 'add', 'zoe@acme.test', '--first-name', 'Zoe', '--last-name', 'Wu'];
    await world.run(add);
    expect((await erase(world, 'zoe@acme.test')).json()).toMatchObject({ members: 1, records: 1 });
    await world.run(add);
    world.directory.set(person(20, { email: 'zoe@acme.test' }));
    await sync(world);
    expect((await erase(world, 'zoe@acme.test')).json()).toMatchObject({ members: 1, records: 2 });
    expect(everything(world)).not.toMatch(/zoe/i);
  });

  it.each([
    ['nobody@acme.test', 'not-found'],
    ['nonsense', 'invalid-input'],
  ])('exits 2 for %s', async (email, code) => {
    const outcome = await erase(await lived(), email);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.json()).toMatchObject({ error: { code } });
  });
});
