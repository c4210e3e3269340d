import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aMember, aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

function worldWith(parts: Parameters<typeof aStore>[0] = {}): CliWorld {
  const world = new CliWorld();
  const store = aStore(parts);
  world.stores.all.set(store.id, store);
  world.stores.credentials.set(store.id, { type: 'api-key', apiKey: 'old' });
  return world;
}

describe('store list and show', () => {
  it('shows stores with their members, last and next run', async () => {
    const world = worldWith();
    world.stores.all.set(
      'store1',
      aStore({
        config: {
          ...aStore().config,
          schedule: { enabled: true, frequency: 'daily', time: '02:00', timezone: 'UTC' },
        },
      }),
    );
    world.members.all.set('store1.u1', aMember());
    await world.run(['sync', 'acme']);
    const shown = (await world.run(['store', 'show', 'acme', '--json'])).json();
    expect(shown).toMatchObject({
      members: { active: 1, inactive: 0 },
      nextRunAt: '2026-02-01T02:00:00.000Z',
      lastRun: { id: 'run1', store: 'store1', status: 'queued' },
    });
    expect((await world.run(['store', 'list', '--json'])).json()).toEqual([shown]);
    const people = await world.run(['store', 'list']);
    expect(people.stdout).toMatch(/^NAME +DIRECTORY +STATUS/);
    expect(people.stdout).toContain('in 2 h');
  });

  it('never shows a preview as the last run', async () => {
    const world = worldWith();
    await world.run(['sync', 'acme']);
    await world.run(['sync', 'acme', '--plan']);
    const shown = (await world.run(['store', 'show', 'acme', '--json'])).json();
    expect(shown).toMatchObject({ lastRun: { id: 'run1', mode: 'full' } });
  });

  it('shows a configuration as a file that store apply takes', async () => {
    const world = worldWith();
    const first = join(mkdtempSync(join(tmpdir(), 'rollcall-show-')), 'acme.yaml');
    writeFileSync(
      first,
      [
        'mapping:',
        '  email: { attribute: email }',
        '  jobTitle: { value: "0123: yes" }',
        '  custom.team: { custom: "Team ü", default: "- none" }',
        'criteria: { users: { conditions: [{ memberOf: [A, "no"] }], pattern: any } }',
        'schedule: { enabled: true, frequency: weekly, days: [mon], time: "02:00", timezone: Europe/Berlin }',
      ].join('\n'),
    );
    expect((await world.run(['store', 'apply', 'acme', '-f', first])).exitCode).toBe(0);
    const before = (await world.run(['store', 'show', 'acme', '--config', '--json'])).json();
    const { stdout } = await world.run(['store', 'show', 'acme', '--config']);
    writeFileSync(first, stdout);
    const again = await world.run(['store', 'apply', 'acme', '-f', first, '--json']);
    expect(again.exitCode).toBe(0);
    expect(again.json()).toMatchObject({ changes: [] });
    const after = (await world.run(['store', 'show', 'acme', '--config', '--json'])).json();
    expect(after).toEqual(before);
  });

  it('prints an empty array when there is none', async () => {
    expect((await new CliWorld().run(['store', 'list', '--json'])).json()).toEqual([]);
  });

  it('suggests the closest name', async () => {
    const outcome = await worldWith().run(['store', 'show', 'acne', '--json']);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain('Did you mean acme?');
    expect(outcome.json()).toMatchObject({ error: { code: 'not-found' } });
  });
});

describe('store pause and resume', () => {
  it('stops scheduled runs and resumes them', async () => {
    const world = worldWith();
    const paused = await world.run(['store', 'pause', 'acme', '--json']);
    expect(paused.json()).toMatchObject({ status: 'paused' });
    expect((await world.stores.byName('acme'))?.status).toBe('paused');
    expect((await world.run(['store', 'resume', 'acme', '--json'])).json()).toMatchObject({
      status: 'active',
    });
    expect(world.reconciled).toBe(2);
  });

  it('does not hide that a store needs to be reauthorized', async () => {
    const world = worldWith({ status: 'needs-reauthorization' });
    const outcome = await world.run(['store', 'resume', 'acme']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stderr).toContain('store reauthorize acme');
    expect((await world.stores.byName('acme'))?.status).toBe('needs-reauthorization');
  });
});

describe('store remove', () => {
  it.each([[[]], [['--members']], [['--members', 'kep']]])('needs a choice: %j', async (args) => {
    const world = worldWith();
    expect((await world.run(['store', 'remove', 'acme', ...args])).exitCode).toBe(2);
    expect(world.stores.all.has('store1')).toBe(true);
  });

  it('removes the store', async () => {
    const world = worldWith();
    world.members.all.set('store1.u1', aMember());
    const outcome = await world.run(['store', 'remove', 'acme', '--members', 'keep', '--json']);
    expect(outcome.json()).toMatchObject({ id: 'store1', members: { kept: 1 } });
    expect(world.stores.all.has('store1')).toBe(false);
    expect(world.members.all.get('store1.u1')).toMatchObject({ storeId: null });
    expect(world.reconciled).toBe(1);
  });

  it('refuses while a run is under way, until the run was asked to stop', async () => {
    const world = worldWith();
    await world.run(['sync', 'acme']);
    world.patchRun('run1', { status: 'listing' });
    const args = ['store', 'remove', 'acme', '--members', 'delete'];
    const refused = await world.run(args);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('rollcall runs cancel run1');
    world.patchRun('run1', { cancelRequested: true });
    expect((await world.run(args)).exitCode).toBe(0);
  });

  it('refuses while a worker has the lease', async () => {
    const world = worldWith();
    world.leases.holders.set('store1', 'worker1');
    const outcome = await world.run(['store', 'remove', 'acme', '--members', 'keep']);
    expect(outcome.exitCode).toBe(1);
    expect(world.stores.all.has('store1')).toBe(true);
  });

  it('is not prevented by a preview that ended', async () => {
    const world = worldWith();
    await world.run(['sync', 'acme', '--plan']);
    world.patchRun('run1', { status: 'planned', finishedAt: new Date() });
    const outcome = await world.run(['store', 'remove', 'acme', '--members', 'keep']);
    expect(outcome.exitCode).toBe(0);
  });
});

describe('store reauthorize', () => {
  const args = ['store', 'reauthorize', 'acme', '--api-key-stdin', '--json'];

  it('uses the new key, changes the owner and starts no run', async () => {
    const world = worldWith({ status: 'needs-reauthorization', owner: 'cli:bob' });
    const outcome = await world.run(args, { input: 'new-key' });
    expect(outcome.json()).toMatchObject({ status: 'active', owner: 'cli:ada' });
    expect(world.stores.credentials.get('store1')).toEqual({ type: 'api-key', apiKey: 'new-key' });
    expect(world.runs.all.size).toBe(0);
  });

  it('tries again with the key that the store has', async () => {
    const world = worldWith({ status: 'needs-reauthorization' });
    const again = ['store', 'reauthorize', 'acme', '--same-key', '--json'];
    expect((await world.run(again)).json()).toMatchObject({ status: 'active', owner: 'cli:ada' });
    expect(world.stores.credentials.get('store1')).toEqual({ type: 'api-key', apiKey: 'old' });
  });

  it('takes a new key or the same one, not both', async () => {
    const outcome = await worldWith().run([...args, '--same-key'], { input: 'new-key' });
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain('not both');
  });

  it("refuses another organization's key", async () => {
    const world = worldWith();
    world.organizations = [{ id: 'org2', name: 'Other' }];
    const outcome = await world.run(args, { input: 'new-key' });
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain('another organization');
    expect(world.stores.credentials.get('store1')).toEqual({ type: 'api-key', apiKey: 'old' });
  });

  it('refuses a key that sees several organizations when requests name none', async () => {
    const world = worldWith();
    world.organizations = [
      { id: 'org1', name: 'Acme' },
      { id: 'org2', name: 'Other' },
    ];
    expect((await world.run(args, { input: 'k' })).exitCode).toBe(2);
    const multi = worldWith({ sendOrgId: true });
    multi.organizations = world.organizations;
    expect((await multi.run(args, { input: 'k' })).exitCode).toBe(0);
  });
});

describe('store apply', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-apply-'));
  const file = (name: string, text: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  const bomb = Array.from({ length: 9 }, (_, level) => {
    const items =
      level === 0
        ? 'x, x'
        : Array(9)
            .fill(`*a${level - 1}`)
            .join(', ');
    return `a${level}: &a${level} [${items}]\n`;
  }).join('');

  it('prints the changes and makes schedules follow', async () => {
    const world = worldWith();
    const path = file('good.yaml', 'mapping:\n  country: { value: India }\n');
    const outcome = await world.run(['store', 'apply', 'acme', '-f', path, '--json']);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.json()).toMatchObject({ configRevision: 2 });
    expect(outcome.stdout).toContain('country');
    expect((await world.stores.byName('acme'))?.config.mapping.country).toEqual({ value: 'India' });
    expect(world.reconciled).toBe(1);
    const again = await world.run(['store', 'apply', 'acme', '-f', path]);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toContain('nothing changed');
    expect((await world.stores.byName('acme'))?.configRevision).toBe(2);
  });

  it('says which months a schedule skips, once', async () => {
    const world = worldWith();
    const input = 'schedule: { frequency: monthly, dates: [31], time: "02:00", timezone: UTC }\n';
    const apply = (...more: readonly string[]) =>
      world.run(['store', 'apply', 'acme', '-f', '-', ...more], { input });
    const outcome = await apply('--json');
    const note = expect.stringContaining('there is no 31st in February, April');
    expect(outcome.json()).toMatchObject({ notes: [note] });
    expect(outcome.stderr).toEqual(note);
    expect((await apply('--json')).json()).toMatchObject({ notes: [] });
    expect((await world.run(['store', 'show', 'acme'])).stdout).toEqual(note);
  });

  it('counts the users that new criteria match, and names attributes that nobody has', async () => {
    const world = worldWith();
    for (const id of ['u1', 'u2', 'u3']) {
      const record = { department: id === 'u1' ? 'Lab' : 'Sales' };
      world.directory.set({ id, email: `${id}@acme.test`, record, custom: { grade: 'A' } });
    }
    const apply = (conditions: string) =>
      world.run(['store', 'apply', 'acme', '-f', '-', '--json'], {
        input: `criteria: { users: { conditions: [${conditions}] } }\n`,
      });
    const some = await apply('{ attribute: department, operator: equals, value: Lab }');
    expect(some.json()).toMatchObject({
      scope: { listed: 3, inScope: 1, outOfScope: 2, total: 3, complete: true, unseen: [] },
      notes: ['The criteria match 1 of the 3 users.'],
    });
    const none = await apply(
      '{ attribute: departmnt, operator: equals, value: Lab }, { custom: Grade, operator: exists }, { custom: grade, operator: exists }',
    );
    expect(none.json()).toMatchObject({
      scope: { inScope: 0, unseen: ['attribute departmnt', 'custom attribute Grade'] },
      notes: [
        'The criteria match none of the 3 users.',
        'None of the 3 users has the attribute departmnt.',
        'None of the 3 users has the custom attribute Grade.',
      ],
    });
    expect(none.stderr).toContain('None of the 3 users has the custom attribute Grade.');
  });

  it('stores criteria whose matches can not be counted, and says so', async () => {
    const world = worldWith();
    const input = 'criteria: { users: { conditions: [{ memberOf: Nowhere }] } }\n';
    const outcome = await world.run(['store', 'apply', 'acme', '-f', '-', '--json'], { input });
    expect(outcome.exitCode).toBe(0);
    const note = expect.stringMatching(/^The users that match were not counted: .*Nowhere/);
    expect(outcome.json()).toMatchObject({ configRevision: 2, scope: null, notes: [note] });
  });

  it('reads standard input', async () => {
    const world = worldWith();
    const input = 'mapping:\n  country: { value: Österreich }\n';
    expect((await world.run(['store', 'apply', 'acme', '-f', '-'], { input })).exitCode).toBe(0);
    expect((await world.stores.byName('acme'))?.config.mapping.country).toEqual({
      value: 'Österreich',
    });
  });

  it.each([
    ['a syntax error', 'mapping:\n  country: { value: India\n', ':3:1'],
    [
      'a duplicate key',
      'schedule: null\nmapping: {}\nschedule: null\n',
      ':3:1: Map keys must be unique',
    ],
    ['an unknown tag', 'mapping: !!js/function "x"\n', ':1:10'],
    ['an unknown section', 'maping: {}\n', 'bad.yaml: maping: '],
    ['an unknown alias', 'mapping: *none\n', "bad.yaml: its aliases can't be used"],
    ['aliases of aliases', bomb, "bad.yaml: its aliases can't be used"],
    ['two documents', 'mapping: {}\n---\nmapping: {}\n', ':2:1: a second document begins here'],
    ['another encoding', Buffer.from([0xff, 0xfe, 0x00]), 'UTF-8'],
  ])('refuses %s with its place', async (_what, text, says) => {
    const world = worldWith();
    const path = file('bad.yaml', text);
    const outcome = await world.run(['store', 'apply', 'acme', '-f', path]);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain(says);
    expect((await world.stores.byName('acme'))?.configRevision).toBe(1);
  });

  it('refuses a file that does not exist', async () => {
    const outcome = await worldWith().run(['store', 'apply', 'acme', '-f', join(folder, 'none')]);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain('ENOENT');
  });
});
