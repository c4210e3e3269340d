import { setTimeout as wait } from 'node:timers/promises';
import type { Mapping } from '../../../src/core/model/store-config.ts';
import { createExpressions } from '../../../src/expressions/index.ts';
import { person } from '../../builders/listed-person.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';
import { blocking } from './bombs.ts';

const mapping: Mapping = {
  email: { attribute: 'email' },
  department: { attribute: 'department' },
  displayName: { expression: `bomb ? ${blocking} : $uppercase(name)` },
};
const ada = { name: 'ada', department: 'Sales' };

/** A world with a little time for expressions. */
function aWorld(ms: number): MemoryWorld {
  const world = new MemoryWorld({ mapping });
  world.expressions = createExpressions({ run: { longestMs: 600_000, ms, msPerUser: 0 } });
  return world;
}

describe('an expression that is off for the rest of a run', () => {
  it('leaves its field as it was, creates nobody without it, and is one warning', async () => {
    const world = aWorld(2_000);
    world.directory.set(person('u2', { record: ada }), person('u3', { record: ada }));
    await world.sync();
    world.directory.set(
      person('u1', { record: { ...ada, bomb: true } }),
      person('u2', { record: { ...ada, department: 'IT', name: 'Bea' } }),
      person('u3', { record: { ...ada, name: 'Bea' } }),
      person('u4', { record: ada }),
      person('u5', { record: ada, state: 'STAGED' }),
    );
    const { run, records } = await world.sync();
    const off = 'displayName: the expressions took longer than 2 seconds in all and were given up';
    expect(run.warnings).toEqual([
      `${off}; members keep this field as it was, and nobody is created without it`,
    ]);
    expect(run.counts).toMatchObject({
      inScope: 2,
      unchanged: 1,
      update: 1,
      problem: 2,
      skipped: 1,
    });
    expect(records.map(({ externalId, action, reason }) => [externalId, action, reason])).toEqual([
      ['u1', 'problem', `not created: ${off}`],
      ['u2', 'update', expect.stringContaining('department')],
      ['u4', 'problem', `not created: ${off}`],
    ]);
    expect(world.member('u1')).toBeNull();
    expect(world.member('u2')?.fields).toMatchObject({ department: 'IT', displayName: 'ADA' });
    expect(world.member('u3')?.fields.displayName).toBe('ADA');

    world.directory.set(person('u1', { record: ada }));
    const next = await world.sync();
    expect(next.run.counts).toMatchObject({ create: 2, update: 2, problem: 0 });
    expect(world.member('u3')?.fields.displayName).toBe('BEA');
  });
});

describe('a worker that stops while an expression loops', () => {
  it('hands its run back', async () => {
    const world = aWorld(600_000);
    world.directory.set(person('u1', { record: { ...ada, bomb: true } }));
    const { id } = await world.enqueue();
    const outcome = world.execute(id);
    await wait(1_000);
    world.worker.abort();
    expect(await outcome).toEqual({ outcome: 'handed-back' });
    expect(world.leases.holders.size).toBe(0);
  });
});
