import { startSimulator } from '../../../src/simulator/simulator.ts';
import { memoryStage } from '../../fakes/memory-stage.ts';

/** Syncs a directory for the first time, without its contractors, while it has these faults. */
async function syncWithoutContractors(faults: readonly string[]) {
  const simulator = await startSimulator({ users: 60, groups: 1, seed: 5 });
  try {
    const { people } = simulator;
    const { id } = people.groups.create('Contractors');
    const contractors = people.ids.slice(0, 12);
    for (const each of contractors) people.groups.addMember(id, each);
    // Every user is in one group at least: a user in none can't be told from one whose list is lost.
    const [other] = people.groups.all();
    for (const each of people.ids) people.groups.addMember(other?.id ?? '', each);
    const { stage } = memoryStage(simulator, { group: id, pattern: 'not 1', random: () => 0 });
    simulator.setFaults(faults);
    const run = await stage.sync();
    const members = await stage.members();
    return { run, members, contractors: new Set(contractors) };
  } finally {
    await simulator.close();
  }
}

describe('contractors, who are to stay out', () => {
  it.each([
    'group-null-row',
    'group-members-cut=3',
    'group-members-subset=3',
    'group-no-totals',
    'null-rows',
    'short-pages',
  ])('stay out with %s', async (fault) => {
    const { run, members, contractors } = await syncWithoutContractors([fault]);
    expect(run.status).toBe('succeeded');
    expect(members.filter(({ externalId }) => contractors.has(externalId ?? ''))).toEqual([]);
  });

  it('stay out, and all others come in, without faults', async () => {
    const { run, members, contractors } = await syncWithoutContractors([]);
    expect(run.counts).toMatchObject({ outOfScope: contractors.size, problem: 0 });
    expect(members.length).toBe(run.counts.create);
    expect(members.length).toBeGreaterThan(40);
  });
});
