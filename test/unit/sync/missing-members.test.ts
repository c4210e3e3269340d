import { SourceError } from '../../../src/core/errors.ts';
import { person } from '../../builders/listed-person.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

describe('members that are no longer listed', () => {
  const leave = async (prepare: (world: MemoryWorld) => void) => {
    const world = new MemoryWorld();
    for (let i = 1; i <= 8; i += 1) world.directory.set(person(`u${i}`));
    await world.sync();
    prepare(world);
    return { world, ...(await world.sync()) };
  };

  it('are deactivated once a request by id says 404, and counted as gone from then on', async () => {
    const { world, run, records } = await leave(({ directory }) => directory.people.delete('u3'));
    expect(records).toMatchObject([
      { externalId: 'u3', action: 'deactivate', cause: 'gone', status: 'applied' },
    ]);
    expect(run.counts).toMatchObject({ gone: 1, deactivate: 1, listed: 7 });
    world.directory.asked.length = 0;
    const again = await world.sync();
    expect(again.run.counts).toMatchObject({ gone: 1, deactivate: 0 });
    expect(again.records).toEqual([]);
    expect(world.directory.asked).toEqual([]);
  });

  it('are only counted when they were inactive already, and not asked for again', async () => {
    const { world } = await leave(({ directory }) =>
      directory.set(person('u3', { state: 'SUSPENDED' })),
    );
    world.directory.people.delete('u3');
    const preview = await world.sync('plan');
    expect(preview.run.counts).toMatchObject({ gone: 1 });
    expect(world.member('u3')?.inactiveCause).toBe('suspended');
    const { run, records } = await world.sync();
    expect(records).toEqual([]);
    expect(run.counts).toMatchObject({ gone: 1, update: 0, deactivate: 0 });
    world.directory.asked.length = 0;
    expect((await world.sync()).run.counts).toMatchObject({ gone: 1 });
    expect(world.directory.asked).toEqual([]);
  });

  it('stay when one of them answers by id: the listing is incomplete', async () => {
    const { world, run } = await leave(({ directory }) => {
      directory.people.delete('u3');
      directory.people.delete('u5');
      directory.byId.set('u5', person('u5'));
    });
    expect(run).toMatchObject({ status: 'succeeded', certificate: { complete: false } });
    expect(run.counts).toMatchObject({ gone: 0, deactivate: 0 });
    expect(run.warnings.join()).toContain('u5');
    expect(world.member('u3')?.status).toBe('active');
  });

  it('stay when no row of the listing has a readable id, and the message says so', async () => {
    const { run } = await leave(({ directory }) => {
      directory.walkUsers = async function* () {
        yield { users: [], withoutId: 8, total: 8, inOrder: true };
        return { broken: null, totalBefore: 8, totalAfter: 8, pages: 1, requests: 1 };
      };
    });
    expect(run.error?.code).toBe('empty-listing');
    expect(run.error?.message).toContain('only rows without a readable id (8)');
  });

  it('stay when the source withholds rows, and the rest is applied', async () => {
    const { run } = await leave(({ directory }) => {
      directory.withheld.add('u3');
      directory.set(person('u9'));
    });
    expect(run.certificate).toMatchObject({
      complete: false,
      walks: 3,
      distinct: 8,
      totalAfter: 9,
    });
    expect(run.counts).toMatchObject({ create: 1, deactivate: 0, gone: 0 });
  });

  it('stay when the listing broke at a seam', async () => {
    const { run } = await leave(({ directory }) => {
      directory.people.delete('u3');
      directory.broken = 'two pages do not meet';
    });
    expect(run.certificate?.complete).toBe(false);
    expect(run.warnings.join()).toContain('two pages do not meet');
    expect(run.counts.deactivate).toBe(0);
  });

  it('stay when a listed user is not found by id either', async () => {
    const { run, records } = await leave(({ directory }) => {
      directory.people.delete('u3');
      for (const id of directory.people.keys()) directory.byId.set(id, null);
    });
    expect(run.counts).toMatchObject({ gone: 0, deactivate: 0 });
    expect(records).toMatchObject([{ externalId: 'u3', action: 'problem', status: 'reported' }]);
  });

  it.each([null, new Set<string>()])(
    'stay when filtered lists prove nothing: %p',
    async (answer) => {
      const { run, records } = await leave(({ directory }) => {
        directory.people.delete('u3');
        directory.filterAnswers = answer;
      });
      expect(run.counts).toMatchObject({ gone: 0, deactivate: 0 });
      expect(records).toMatchObject([{ externalId: 'u3', action: 'problem', status: 'reported' }]);
    },
  );

  it('stay when a filtered list still shows one of them: the listing is incomplete', async () => {
    const { world, run } = await leave(({ directory }) => {
      directory.people.delete('u3');
      directory.people.delete('u5');
      directory.filterAnswers = new Set(['u1', 'u5']);
    });
    expect(run).toMatchObject({ status: 'succeeded', certificate: { complete: false } });
    expect(run.warnings.join()).toContain('u5');
    expect(world.member('u3')?.status).toBe('active');
  });

  it('stay, and the run fails, when the listing is empty', async () => {
    const { world, run, records } = await leave(({ directory }) => directory.people.clear());
    expect(run).toMatchObject({ status: 'failed', error: { code: 'empty-listing' } });
    expect(records).toEqual([]);
    expect([...world.members.all.values()].every(({ status }) => status === 'active')).toBe(true);
  });

  it('stay, and the run fails, when the source answers for no user by id', async () => {
    const { world, run } = await leave(({ directory }) => {
      directory.people.delete('u3');
      for (let i = 1; i <= 8; i += 1) directory.failing.add(`u${i}`);
    });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'source-failed' } });
    expect(world.member('u3')?.status).toBe('active');
  });

  it('stay, though listed, when a 404 comes with an incomplete listing', async () => {
    const { world, run } = await leave(({ directory }) => {
      directory.set(person('u3', { state: 'SUSPENDED' }));
      directory.byId.set('u3', null);
      directory.broken = 'two pages do not meet';
    });
    expect(run.counts).toMatchObject({ problem: 1, deactivate: 0 });
    expect(world.member('u3')?.status).toBe('active');
  });

  it('are found on a second listing', async () => {
    const { run } = await leave(({ directory }) => {
      directory.withheld.add('u3');
      directory.onPage = (page) => {
        if (page === 3) directory.withheld.clear();
      };
    });
    expect(run.certificate).toMatchObject({ complete: true, walks: 2, distinct: 8 });
    expect(run.counts).toMatchObject({ listed: 8, unchanged: 8, gone: 0 });
  });
});

describe('a run that cannot trust its source', () => {
  it('leaves no half of a plan behind when it fails while it lists', async () => {
    const world = new MemoryWorld();
    for (let i = 1; i <= 9; i += 1) world.directory.set(person(`u${i}`));
    world.directory.onPage = (page) => {
      if (page === 3) throw new SourceError('retriable', 'source-failed', '503 for too long');
    };
    const { run, records } = await world.sync();
    expect(run).toMatchObject({ status: 'failed', error: { code: 'source-failed' } });
    expect(records).toEqual([]);
  });

  it('fails at once on a configuration that it can not use', async () => {
    const world = new MemoryWorld({ mapping: { email: { attribute: 'email[' } } });
    expect((await world.sync()).run).toMatchObject({
      status: 'failed',
      error: { code: 'bad-configuration', message: expect.stringContaining('mapping.email') },
    });
  });

  it('fails on another organization’s records and writes nothing', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2', { orgId: 'org2' }));
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'failed', error: { code: 'other-organization' } });
    expect(world.members.all.size).toBe(0);
    expect(world.stores.all.get('store1')?.status).toBe('needs-reauthorization');
    const asked = world.directory.asked.length;
    const again = await world.sync();
    expect(again.run).toMatchObject({
      status: 'failed',
      error: { code: 'needs-reauthorization' },
      startedAt: expect.any(Date),
    });
    expect(world.directory.asked).toHaveLength(asked);
  });

  it('fails when a group of the criteria is missing', async () => {
    const world = new MemoryWorld({
      criteria: { users: { conditions: [{ memberOf: 'Nobody' }] } },
    });
    world.directory.set(person('u1'));
    expect((await world.sync()).run).toMatchObject({
      status: 'failed',
      error: { code: 'group-missing' },
    });
  });

  it('asks for reauthorization when the credential is refused', async () => {
    const world = new MemoryWorld();
    world.directory.organizations = async () => {
      throw new SourceError('auth', 'source-auth', 'the source refuses the key');
    };
    expect((await world.sync()).run).toMatchObject({
      status: 'failed',
      error: { code: 'source-auth' },
    });
    expect(world.stores.all.get('store1')?.status).toBe('needs-reauthorization');
  });
});
