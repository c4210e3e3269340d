import fc from 'fast-check';
import { wholeResource } from '../../../src/core/scim/present.ts';
import { createConnectPushed } from '../../../src/directories/index.ts';
import type { SourceDirectory } from '../../../src/ports/directory.ts';
import { createPushService } from '../../../src/sync/push/push-service.ts';
import { replanAfterRun } from '../../../src/sync/push/replan-after-run.ts';
import { executeRun } from '../../../src/sync/run/execute-run.ts';
import type { ScimContext } from '../../../src/sync/scim/context.ts';
import { createUser, deleteUser, patchUser, replaceUser } from '../../../src/sync/scim/users.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

const lenient = { percent: 100, floor: 1000 };
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** The last pushed or pulled values of a person, field by field. */
interface LastWord {
  readonly title?: string;
  readonly department?: string;
  readonly active: boolean;
}

type Said = Partial<LastWord>;

type Step =
  | { readonly do: 'put' | 'patch'; readonly who: number; readonly said: Said }
  | { readonly do: 'delete'; readonly who: number }
  | { readonly do: 'pull' | 'pause' | 'resume' };

type Push = Exclude<Step, { readonly do: 'pull' | 'pause' | 'resume' }>;

const said: fc.Arbitrary<Said> = fc.record(
  {
    title: fc.constantFrom('A', 'B'),
    department: fc.constantFrom('X', 'Y'),
    active: fc.boolean(),
  },
  { requiredKeys: [] },
);
const who = fc.integer({ min: 0, max: 2 });
const push: fc.Arbitrary<Push> = fc.oneof(
  fc.record({ do: fc.constantFrom('put' as const, 'patch' as const), who, said }),
  fc.record({ do: fc.constant('delete' as const), who }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: push, weight: 3 },
  fc.record({ do: fc.constantFrom('pull' as const, 'pause' as const, 'resume' as const) }),
);

/** A store that is pushed into, in memory; pushes during a pull come after its listing was read. */
class PushWorld {
  readonly memory = new MemoryWorld(
    { safeguards: { ...safeguards, removals: lenient, emailChanges: lenient, blanks: lenient } },
    { via: 'scim', orgId: '' },
  );
  readonly scim = this.memory.scim;
  readonly ports = {
    ...this.memory.ports,
    runs: this.memory.runs,
    alerts: this.memory.alerts,
    scim: this.scim,
    pushed: this.memory.pushed,
  };
  readonly pusher = createPushService(this.ports);
  readonly context: ScimContext = {
    storeId: 'store1',
    scim: this.scim,
    pusher: this.pusher,
    baseUrl: 'https://x.test',
  };
  readonly words = new Map<number, LastWord>();
  readonly ids = new Map<number, string>();
  /** Whether a push may have been stored, and not been applied. */
  waits = false;

  async setStatus(status: 'active' | 'paused'): Promise<void> {
    if (status === 'paused') this.waits = true;
    await this.memory.stores.setStatus('store1', status);
  }

  async take(one: Push): Promise<void> {
    const id = this.ids.get(one.who);
    if (one.do === 'delete') {
      if (id === undefined) return;
      this.ids.delete(one.who);
      this.words.delete(one.who);
      return deleteUser(this.context, { id, ifMatch: null });
    }
    const body = bodyOf(one.who, one.said);
    if (id === undefined) {
      const { resource: user } = await createUser(this.context, body, wholeResource);
      this.ids.set(one.who, user.id);
      this.words.set(one.who, { active: true, ...one.said });
      return;
    }
    const asked = { id, ifMatch: null, projection: wholeResource };
    const before = this.words.get(one.who) ?? { active: true };
    if (one.do === 'put') {
      this.words.set(one.who, { active: before.active, ...one.said });
      await replaceUser(this.context, { ...asked, body });
    } else {
      this.words.set(one.who, { ...before, ...one.said });
      await patchUser(this.context, { ...asked, body: patchOf(one.said) });
    }
  }

  async pull(during: readonly Push[]): Promise<void> {
    const pushed = createConnectPushed(this.scim)({ id: 'store1', directory: 'jumpcloud' });
    const takeMeanwhile = async (): Promise<void> => {
      for (const one of during) await this.take(one);
    };
    const directory: SourceDirectory = {
      ...pushed,
      async *walkUsers() {
        const end = yield* pushed.walkUsers();
        await takeMeanwhile();
        return end;
      },
    };
    if (this.memory.stores.all.get('store1')?.status === 'active') this.waits = false;
    const { id } = await this.memory.enqueue();
    const outcome = await executeRun({ ...this.memory.ports, connectPushed: () => directory }, id, {
      holder: 'w',
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    if (outcome.outcome === 'ended') {
      await replanAfterRun({ ...this.ports, pusher: this.pusher }, outcome.run);
    }
  }
}

const { safeguards } = new MemoryWorld().stores.all.get('store1')?.config ?? {
  safeguards: undefined as never,
};

function bodyOf(person: number, { title, department, active }: Said): object {
  return {
    userName: `user${person}`,
    emails: [{ value: `user${person}@acme.test`, type: 'work' }],
    ...(title !== undefined && { title }),
    ...(active !== undefined && { active }),
    ...(department !== undefined && { [enterprise]: { department } }),
  };
}

function patchOf({ title, department, active }: Said): object {
  return {
    Operations: [
      { op: 'replace', path: 'displayName', value: 'told' },
      ...(title === undefined ? [] : [{ op: 'Replace', path: 'title', value: title }]),
      ...(active === undefined ? [] : [{ op: 'replace', value: { active: String(active) } }]),
      ...(department === undefined
        ? []
        : [{ op: 'add', path: `${enterprise}:department`, value: department }]),
    ],
  };
}

describe('any sequence of pushes and pulls', () => {
  it('ends with the last value of each field', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(step, fc.array(push, { maxLength: 3 })), { maxLength: 12 }),
        async (steps) => {
          const world = new PushWorld();
          // A user who stays: a store that loses all members is held.
          await world.take({ do: 'put', who: 9, said: { active: true } });
          for (const [one, during] of steps) {
            if (one.do === 'pull') await world.pull(during);
            else if (one.do === 'pause') await world.setStatus('paused');
            else if (one.do === 'resume') await world.setStatus('active');
            else await world.take(one as Push);
          }
          // Pushes while the store is paused wait for a sync.
          if (world.waits) {
            await world.setStatus('active');
            await world.pull([]);
          }
          await world.pusher.endRuns();
          for (const [person, word] of world.words) {
            const [member] = await world.memory.members.bySourceIds('store1', [
              world.ids.get(person) ?? '',
            ]);
            expect(member?.fields.jobTitle).toBe(word.title);
            expect(member?.fields.department).toBe(word.department);
            expect(member?.status).toBe(word.active ? 'active' : 'inactive');
          }
          const active = [...world.memory.members.all.values()].filter(
            ({ status }) => status === 'active',
          );
          const wanted = [...world.words.values()].filter((word) => word.active);
          expect(active).toHaveLength(wanted.length);
          for (const { status, finishedAt } of world.memory.runs.all.values()) {
            expect(finishedAt).not.toBeNull();
            expect(['succeeded', 'failed']).toContain(status);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('does so when a pull writes what it had read before a push', async () => {
    const world = new PushWorld();
    await world.take({ do: 'put', who: 0, said: {} });
    await world.setStatus('paused');
    await world.take({ do: 'put', who: 0, said: { title: 'A' } });
    await world.setStatus('active');
    // The push finds the member up to date, since the pull has not written yet.
    await world.pull([{ do: 'put', who: 0, said: {} }]);
    const [member] = world.memory.members.all.values();
    expect(member?.fields).not.toHaveProperty('jobTitle');
  });

  it('loses nothing when all come at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(push, { maxLength: 8 }), async (pushes) => {
        const world = new PushWorld();
        await world.take({ do: 'put', who: 9, said: { active: true } });
        for (const person of [0, 1, 2]) await world.take({ do: 'put', who: person, said: {} });
        const patches = pushes.flatMap((one) => (one.do === 'patch' ? [one] : []));
        await Promise.all(patches.map((one) => world.take(one)));
        for (const [person, word] of world.words) {
          const [user] = await world.scim.users.byIds('store1', [world.ids.get(person) ?? '']);
          const [member] = await world.memory.members.bySourceIds('store1', [user?.id ?? '']);
          // The database decides which of two is the last; that one of them is lost is an error.
          const titles = patches.flatMap((one) =>
            one.who === person ? (one.said.title ?? []) : [],
          );
          const title = user?.resource['title'];
          expect([...titles, ...(titles.length === 0 ? [word.title] : [])]).toContain(title);
          expect(member?.fields.jobTitle).toBe(title);
          expect(member?.fields.department).toBe(
            (user?.resource[enterprise] as { department?: string } | undefined)?.department,
          );
          expect(member?.status).toBe(user?.resource['active'] === false ? 'inactive' : 'active');
        }
      }),
      { numRuns: 100 },
    );
  });
});
