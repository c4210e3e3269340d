import { Writable } from 'node:stream';
import { runCli } from '../../../src/cli/program.ts';
import { aMember, aStore } from '../../builders/models.ts';
import { CliWorld, Sink } from '../../fakes/cli-world.ts';

function worldOf(count: number): CliWorld {
  const world = new CliWorld();
  world.stores.all.set('store1', aStore());
  for (let index = 0; index < count; index += 1) {
    const externalId = `u${String(index).padStart(5, '0')}`;
    const email = `${externalId}@acme.test`;
    const member = aMember({
      id: `store1.${externalId}`,
      externalId,
      fields: { email, firstName: 'Ana', lastName: `Nr ${index}`, manager: 'u00000' },
      emailKey: email,
    });
    world.members.all.set(member.id, member);
  }
  return world;
}

describe('members list', () => {
  it('is whole, by source id, with the addresses of managers', async () => {
    const world = worldOf(1200);
    const list = (await world.run(['members', 'list', '--json'])).json() as {
      externalId: string;
      managerEmail: string;
    }[];
    expect(list).toHaveLength(1200);
    expect(list.map(({ externalId }) => externalId)).toEqual(
      list.map(({ externalId }) => externalId).toSorted(),
    );
    expect(new Set(list.map(({ managerEmail }) => managerEmail))).toEqual(
      new Set(['u00000@acme.test']),
    );
  });

  it('has the shape that scripts rely on', async () => {
    const world = worldOf(0);
    world.members.all.set(
      'store1.u1',
      aMember({ status: 'inactive', inactiveCause: 'gone', custom: { shirtSize: 'M' } }),
    );
    expect((await world.run(['members', 'list', '--json'])).json()).toEqual([
      {
        id: 'store1.u1',
        store: 'store1',
        storeName: 'acme',
        externalId: 'u1',
        status: 'inactive',
        statusBy: 'sync',
        inactiveCause: 'gone',
        gone: true,
        keptFrom: null,
        fields: { email: 'u1@acme.test' },
        custom: { shirtSize: 'M' },
        groups: [],
        roles: [],
        revision: 1,
        createdAt: '2026-01-01T00:00:00.000Z',
        updatedAt: '2026-01-01T00:00:00.000Z',
      },
    ]);
  });

  it('filters by store and status, and refuses what is neither', async () => {
    const world = worldOf(2);
    const inactive = ['members', 'list', '--status', 'inactive', '--json'];
    expect((await world.run(inactive)).json()).toEqual([]);
    expect((await world.run(['members', 'list', '--status', 'inactve'])).exitCode).toBe(2);
    expect((await world.run(['members', 'list', '--store', 'acm'])).stderr).toContain(
      'Did you mean acme?',
    );
  });

  it('shows addresses whole on 80 columns, and leaves the least important columns out', async () => {
    const world = worldOf(3);
    const wide = new Sink(80);
    await world.run(['members', 'list'], { stdout: wide });
    expect(wide.text).toMatch(/EMAIL +NAME +DEPARTMENT +STATUS +STORE +SOURCE ID/);
    const email = `${'x'.repeat(40)}@acme.test`;
    world.members.all.set('store1.u00000', aMember({ externalId: 'u00000', fields: { email } }));
    const full = new Sink(80);
    await world.run(['members', 'list'], { stdout: full });
    expect(full.text).toContain(`${email}  `);
    expect(full.text).not.toMatch(/STORE|SOURCE ID/);
  });

  it('waits for a slow reader instead of collecting text in memory', async () => {
    const world = worldOf(3000);
    let waiting = 0;
    let most = 0;
    let text = '';
    const slow = new Writable({
      highWaterMark: 1024,
      write(chunk: Buffer, _encoding, done) {
        waiting += 1;
        most = Math.max(most, slow.writableLength);
        setImmediate(() => {
          waiting -= 1;
          text += chunk.toString();
          done();
        });
      },
    });
    const deps = world.dependencies({ stdout: slow, stderr: new Sink() });
    expect(await runCli(['members', 'list', '--json'], deps)).toBe(0);
    expect(JSON.parse(text)).toHaveLength(3000);
    expect(waiting).toBe(0);
    expect(most).toBeLessThan(70_000);
  });

  it('ends quietly when the reader has gone', async () => {
    const world = worldOf(3000);
    const gone = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const stderr = new Sink();
    const deps = world.dependencies({ stdout: gone, stderr });
    expect(await runCli(['members', 'list', '--json'], deps)).toBe(0);
    expect(stderr.text).toBe('');
    expect(world.closed).toBe(1);
  });
});

describe('members by hand', () => {
  it('adds, deactivates and activates', async () => {
    const world = worldOf(0);
    const add = ['members', 'add', 'Zoë@Example.com', '--first-name', 'Zoë', '--last-name', 'Wu'];
    const added = await world.run([...add, '--json']);
    expect(added.json()).toMatchObject({
      store: null,
      externalId: null,
      status: 'active',
      fields: { email: 'Zoë@Example.com', firstName: 'Zoë', lastName: 'Wu' },
    });
    const off = await world.run(['members', 'deactivate', 'zoë@example.com', '--json']);
    expect(off.json()).toMatchObject({ status: 'inactive', statusBy: 'person' });
    expect((await world.run(['members', 'show', 'zoë@example.com'])).stdout).toContain(
      'inactive (by hand)',
    );
    const on = await world.run(['members', 'activate', 'zoë@example.com', '--json']);
    expect(on.json()).toMatchObject({ status: 'active' });
    const taken = await world.run(add);
    expect(taken.exitCode).toBe(2);
    expect(taken.stderr).toContain('rollcall members show');
  });

  it.each([
    ['show', 'nobody@example.com', 'not-found'],
    ['show', 'nonsense', 'invalid-input'],
    ['deactivate', 'nobody@example.com', 'not-found'],
  ])('%s %s exits 2', async (verb, email, code) => {
    const outcome = await worldOf(1).run(['members', verb, email, '--json']);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.json()).toMatchObject({ error: { code } });
  });

  it('needs a whole name', async () => {
    const outcome = await worldOf(0).run(['members', 'add', 'a@b.test', '--first-name', 'A']);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain('--last-name');
  });
});
