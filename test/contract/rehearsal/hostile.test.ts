import { startSimulator } from '../../../src/simulator/simulator.ts';
import { memoryStage } from '../../fakes/memory-stage.ts';

/** Syncs a directory of 120 users without faults, then with this one after a user has left. */
async function syncUnder(fault: string) {
  const simulator = await startSimulator({ users: 120, groups: 1, seed: 3 });
  try {
    const { stage } = memoryStage(simulator, { group: null, random: () => 0 });
    await stage.sync();
    const before = await stage.members();
    simulator.people.remove(simulator.people.ids[7] ?? '');
    simulator.setFaults([fault]);
    const run = await stage.sync();
    return { run, before, after: await stage.members() };
  } finally {
    await simulator.close();
  }
}

describe('a directory that gives more than a client can hold', () => {
  it.each([
    ['oversized-pages', 'rows in a page where 100 were asked for'],
    ['endless-listing', 'more than the limit of 10000'],
    ['tiny-json', 'with more than 200000 values'],
  ])('fails the run with %s, and nobody is removed', async (fault, words) => {
    const { run, before, after } = await syncUnder(fault);
    expect(run.status).toBe('failed');
    expect(run.error).toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining(words),
    });
    expect(after.map(({ status }) => status)).toEqual(before.map(({ status }) => status));
  });

  it('has a problem with one user alone whose record is nested without end', async () => {
    const { run } = await syncUnder('deep-row');
    expect(run).toMatchObject({ status: 'succeeded', counts: { problem: 1 } });
  });
});
