import fc from 'fast-check';
import type { StoreConfig } from '../../../src/core/model/store-config.ts';
import { defaultNotifications } from '../../../src/core/store-file/default-config.ts';
import { setMemberStatus } from '../../../src/manage/members/edit-member.ts';
import { aConfig, statusSync } from '../../builders/models.ts';
import type { Person } from '../../fakes/memory-directory.ts';
import { actor, MemoryWorld } from '../../fakes/memory-world.ts';

const person = (id: string, parts: Partial<Person> = {}): Person => ({
  id,
  email: `${id}@acme.test`,
  ...parts,
});

/** How many times users were mapped: a getter of the record counts. */
function countingPerson(id: string, counter: { reads: number }, department: string): Person {
  const record = Object.defineProperty({ department }, 'firstname', {
    enumerable: true,
    get() {
      counter.reads += 1;
      return 'Ada';
    },
  });
  return person(id, { record });
}

describe('a member that is unchanged since it was last written', () => {
  it('is not mapped again, and not written', async () => {
    const world = new MemoryWorld();
    const counter = { reads: 0 };
    world.directory.set(countingPerson('u1', counter, 'IT'));
    await world.sync();
    counter.reads = 0;
    const before = world.writes.members;
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ listed: 1, inScope: 1, unchanged: 1 });
    // Once, for the fingerprint.
    expect(counter.reads).toBe(1);
    expect(world.writes.members).toBe(before);
  });

  it('is compared again after any other write, and not marked for that', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2'), person('u3'));
    await world.sync();
    await world.setStatus('u1', 'inactive');
    expect(world.member('u1')?.fingerprint).toBeNull();
    const before = world.writes.members;
    expect((await world.sync()).run.counts).toMatchObject({ unchanged: 3, applied: 0 });
    expect(world.writes.members).toBe(before);
  });

  it('gets the source’s new fingerprint when that changes nothing', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1', { record: { department: 'IT' } }));
    await world.sync();
    const first = world.member('u1');
    world.directory.set(person('u1', { record: { department: 'IT', location: '' } }));
    expect((await world.sync()).run.counts).toMatchObject({ unchanged: 1, applied: 0 });
    const second = world.member('u1');
    expect(second).toEqual({ ...first, fingerprint: expect.any(String) });
    expect(second?.fingerprint).not.toBe(first?.fingerprint);
  });

  it('keeps its fingerprint when its removal is confirmed by id', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2', { state: 'SUSPENDED' }), person('u3'));
    await world.sync();
    world.directory.set(person('u1', { state: 'SUSPENDED' }));
    await world.sync();
    expect(world.member('u1')).toMatchObject({
      status: 'inactive',
      fingerprint: expect.any(String),
    });
  });
});

describe('a removal that is confirmed on another record than the listing had', () => {
  const suspended = person('u1', { state: 'SUSPENDED', record: { department: 'Sales' } });
  const others = [person('u2'), person('u3')];

  it('leaves the rest to the next run', async () => {
    const criteria = { users: { conditions: [{ memberOf: 'Staff' }] } };
    const world = new MemoryWorld({ criteria });
    const staff = { name: 'Staff', members: new Set(['u1', 'u2', 'u3']) };
    world.directory.groups.set('g1', staff);
    world.directory.set(person('u1', { record: { department: 'IT' } }), ...others);
    await world.sync();
    world.directory.set(suspended);
    const groupsOf = world.directory.groupsOf.bind(world.directory);
    world.directory.groupsOf = async () => [];
    await world.sync();
    expect(world.member('u1')).toMatchObject({ inactiveCause: 'out-of-scope' });
    world.directory.groupsOf = groupsOf;
    await world.sync();
    expect(world.member('u1')?.fields.department).toBe('Sales');
  });
});

const ids = ['u1', 'u2', 'u3', 'u4', 'u5'];
const anyPerson: fc.Arbitrary<Person> = fc.record({
  id: fc.constantFrom(...ids),
  email: fc.constantFrom(...ids.slice(0, 3).map((id) => `${id}@acme.test`), 'nonsense'),
  state: fc.constantFrom('ACTIVATED' as const, 'SUSPENDED' as const, 'STAGED' as const),
  record: fc.record({ department: fc.constantFrom('Sales', 'sales', 'IT', '') }),
});
const configs: readonly Partial<StoreConfig>[] = [
  {},
  {
    mapping: {
      ...aConfig().mapping,
      department: { attribute: 'department', transform: ['lowercase'] },
    },
  },
  { mapping: { ...aConfig().mapping, location: { expression: "department & '!'" } } },
  {
    settings: {
      notifications: defaultNotifications,
      statusSync: { ...statusSync, outOfScope: 'keep', staged: 'inactive' },
    },
  },
  {
    criteria: {
      users: { conditions: [{ attribute: 'department', operator: 'notEquals', value: 'IT' }] },
    },
  },
  { criteria: { users: { conditions: [{ memberOf: 'Staff' }] } } },
];
type Step =
  | { readonly does: 'set'; readonly person: Person }
  | { readonly does: 'leave' | 'join' | 'quit'; readonly id: string }
  | { readonly does: 'configure'; readonly config: number }
  | { readonly does: 'edit'; readonly email: string; readonly status: 'active' | 'inactive' }
  | { readonly does: 'sync' };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('set' as const), person: anyPerson }) },
  fc.record({
    does: fc.constantFrom('leave' as const, 'join' as const, 'quit' as const),
    id: fc.constantFrom(...ids),
  }),
  fc.record({
    does: fc.constant('configure' as const),
    config: fc.nat({ max: configs.length - 1 }),
  }),
  fc.record({
    does: fc.constant('edit' as const),
    email: fc.constantFrom(...ids.map((id) => `${id}@acme.test`)),
    status: fc.constantFrom('active' as const, 'inactive' as const),
  }),
  { weight: 3, arbitrary: fc.constant({ does: 'sync' as const }) },
);

async function take(world: MemoryWorld, one: Step): Promise<void> {
  if (one.does === 'set') world.directory.set(one.person);
  if (one.does === 'leave') world.directory.people.delete(one.id);
  const staff = world.directory.groups.get('g1')?.members;
  if (one.does === 'join') staff?.add(one.id);
  if (one.does === 'quit') staff?.delete(one.id);
  if (one.does === 'configure') {
    const store = world.stores.all.get('store1');
    if (store === undefined) throw new Error('no store');
    world.stores.all.set('store1', { ...store, config: aConfig(configs[one.config]) });
  }
  if (one.does === 'edit') {
    const member = await world.members.byEmailKey(one.email);
    const { status } = one;
    if (member !== null) await setMemberStatus(world.ports, { member, status, actor });
  }
}

/** The result of a sync, without the parts that only say how it was found. */
async function syncOf(world: MemoryWorld): Promise<unknown> {
  const { run, records } = await world.sync();
  const members = [...world.members.all.values()].map(({ fingerprint: _f, ...rest }) => rest);
  return {
    status: run.status,
    counts: run.counts,
    records: records.map(({ fingerprint: _f, seq: _s, ...rest }) => rest),
    members: members.sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

describe('skipping by fingerprints', () => {
  it('changes no result of any sequence of syncs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const [skipping, thorough] = [new MemoryWorld(), new MemoryWorld()];
        for (const { directory } of [skipping, thorough]) {
          directory.groups.set('g1', { name: 'Staff', members: new Set(['u1', 'u2']) });
        }
        const last: Step = { does: 'sync' };
        for (const one of [...steps, last]) {
          await take(skipping, one);
          await take(thorough, one);
          if (one.does !== 'sync') continue;
          for (const [id, member] of thorough.members.all) {
            thorough.members.all.set(id, { ...member, fingerprint: null });
          }
          expect(await syncOf(skipping)).toEqual(await syncOf(thorough));
        }
      }),
    );
  });
});
