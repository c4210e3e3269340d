import fc from 'fast-check';
import type { GroupSync } from '../../../src/core/model/store-config.ts';
import { defaultGroupSync } from '../../../src/core/store-file/default-config.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

const people = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6'];
const groups = ['g1', 'g2', 'g3'];
const person = fc.constantFrom(...people);
const group = fc.constantFrom(...groups);

type Step =
  | { readonly do: 'join' | 'leave'; readonly who: string; readonly group: string }
  | { readonly do: 'hire' | 'suspend' | 'dismiss'; readonly who: string }
  | { readonly do: 'found' | 'dissolve' | 'rename'; readonly group: string }
  | { readonly do: 'configure'; readonly config: Partial<GroupSync> }
  | { readonly do: 'sync' | 'approve' | 'reject' | 'undo' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('join' as const, 'leave' as const), who: person, group }),
  fc.record({
    do: fc.constantFrom('hire' as const, 'suspend' as const, 'dismiss' as const),
    who: person,
  }),
  fc.record({
    do: fc.constantFrom('found' as const, 'dissolve' as const, 'rename' as const),
    group,
  }),
  fc.record({
    do: fc.constant('configure' as const),
    config: fc.record({
      left: fc.constantFrom('keep' as const, 'deactivate' as const),
      deleted: fc.constantFrom('keep' as const, 'delete' as const),
      roles: fc.constantFrom<GroupSync['roles']>(
        {},
        { g1: 'admin' },
        { g1: 'admin', g2: 'auditor' },
      ),
    }),
  }),
  fc.record({
    do: fc.constantFrom('sync' as const, 'approve' as const, 'reject' as const, 'undo' as const),
  }),
);

/** A directory and its store, which take any steps. */
class AnyWorld {
  readonly memory = new MemoryWorld({ groups: { ...defaultGroupSync, sync: true } });
  /** What was rejected stays as it was, so that the truth of the source no longer binds it. */
  hasRejected = false;
  last: string | null = null;

  constructor() {
    for (const id of people) this.#hire(id);
    for (const id of groups) {
      this.memory.directory.groups.set(id, { name: id, members: new Set(people.slice(0, 4)) });
    }
    this.configure({ roles: { g1: 'admin' } });
  }

  /** Syncs until all groups are taken and all roles given. */
  async settle(): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      await this.sync();
      await this.decide('approve');
    }
  }

  async take(one: Step): Promise<void> {
    const { directory } = this.memory;
    switch (one.do) {
      case 'join':
        directory.groups.get(one.group)?.members.add(one.who);
        return;
      case 'leave':
        directory.groups.get(one.group)?.members.delete(one.who);
        return;
      case 'hire':
        return this.#hire(one.who);
      case 'suspend':
        if (directory.people.has(one.who)) this.#hire(one.who, 'SUSPENDED');
        return;
      case 'dismiss':
        directory.people.delete(one.who);
        for (const { members } of directory.groups.values()) members.delete(one.who);
        return;
      case 'found':
        if (!directory.groups.has(one.group)) {
          directory.groups.set(one.group, { name: one.group, members: new Set() });
        }
        return;
      case 'dissolve':
        // The last group can't be proven gone beside another one.
        if (one.group !== 'g3') directory.groups.delete(one.group);
        return;
      case 'rename': {
        const found = directory.groups.get(one.group);
        if (found !== undefined)
          directory.groups.set(one.group, { ...found, name: `${found.name}'` });
        return;
      }
      case 'configure':
        return this.configure(one.config);
      case 'sync':
        return this.sync();
      case 'approve':
      case 'reject':
        this.hasRejected ||= one.do === 'reject';
        return this.decide(one.do);
      case 'undo':
        return this.undo();
    }
  }

  configure(config: Partial<GroupSync>): void {
    const store = this.memory.stores.all.get('store1');
    if (store === undefined) throw new Error('no store');
    const changed = { ...store.config, groups: { ...store.config.groups, ...config } };
    this.memory.stores.all.set('store1', { ...store, status: 'active', config: changed });
  }

  roles(): ReadonlySet<string> {
    const all = [...this.memory.members.all.values()];
    return new Set(
      all.flatMap(({ id, roles }) => roles.map(({ role, group: from }) => `${id} ${role} ${from}`)),
    );
  }

  async sync(): Promise<void> {
    this.configure({});
    this.last = (await this.memory.sync()).run.id;
  }

  async decide(verdict: 'approve' | 'reject'): Promise<void> {
    for (const { id } of await this.memory.runs.list({ holding: true })) {
      await this.memory.decide(id, verdict);
    }
  }

  async undo(): Promise<void> {
    if (this.last === null) return;
    const records = this.memory.records.ofRun(this.last);
    if (!records.some(({ status }) => status === 'applied')) return;
    await this.memory.undo(this.last);
    this.last = null;
  }

  #hire(id: string, state: 'ACTIVATED' | 'SUSPENDED' = 'ACTIVATED'): void {
    this.memory.directory.set({ id, email: `${id}@acme.test`, state });
  }
}

describe('any sequence of changes, holds, approvals and undos', () => {
  it('ends with the groups of the source, and with the roles that groups and status say', async () => {
    let followed = 0;
    let granted = 0;
    let revoked = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const world = new AnyWorld();
        await world.settle();
        const before = world.roles();
        for (const one of steps) await world.take(one);
        fc.pre(!world.hasRejected);
        await world.settle();
        const after = world.roles();
        granted += [...after].filter((each) => !before.has(each)).length;
        revoked += [...before].filter((each) => !after.has(each)).length;
        const { directory, members, groups: kept, stores } = world.memory;
        const roles = stores.all.get('store1')?.config.groups.roles ?? {};
        for (const { externalId, status } of kept.all.values()) {
          if (status !== 'followed') continue;
          followed += 1;
          const truth = directory.groups.get(externalId)?.members ?? new Set<string>();
          for (const member of members.all.values()) {
            const id = member.externalId ?? '';
            expect([externalId, id, member.groups.includes(externalId)]).toEqual([
              externalId,
              id,
              truth.has(id),
            ]);
          }
        }
        for (const member of members.all.values()) {
          const isOf = (id: string): boolean =>
            member.groups.includes(id) && kept.all.get(`store1.${id}`)?.status === 'followed';
          const due = Object.entries(roles).filter(
            ([id]) => isOf(id) && member.status === 'active',
          );
          const given = member.roles.map((grant): [string, string] => [grant.group, grant.role]);
          expect(new Map(given)).toEqual(new Map(due));
          expect(given).toHaveLength(due.length);
        }
        const writes = world.memory.writes.members;
        const { run } = await world.memory.sync();
        expect(run.groups?.counts).toMatchObject({ create: 0, update: 0, delete: 0 });
        expect(world.memory.writes.members).toBe(writes);
      }),
      { numRuns: 150 },
    );
    expect(followed).toBeGreaterThan(100);
    expect(granted).toBeGreaterThan(10);
    expect(revoked).toBeGreaterThan(10);
  }, 120_000);
});
