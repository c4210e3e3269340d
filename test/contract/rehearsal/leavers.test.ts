import { startSimulator } from '../../../src/simulator/simulator.ts';
import { memoryStage } from '../../fakes/memory-stage.ts';

/** Syncs a directory, lets one user leave it, and syncs again while it has these faults. */
async function syncAfterLeaving(faults: readonly string[]) {
  const simulator = await startSimulator({ users: 40, groups: 0, seed: 11 });
  try {
    const { stage } = memoryStage(simulator, { group: null, random: () => 0 });
    await stage.sync();
    const [leaver = ''] = simulator.people
      .all()
      .flatMap(({ _id, state }) => (state === 'ACTIVATED' ? [_id] : []));
    simulator.people.remove(leaver);
    simulator.setFaults(faults);
    const run = await stage.sync();
    const member = (await stage.members()).find(({ externalId }) => externalId === leaver);
    return { run, status: member?.status, records: await stage.records(run.id), leaver };
  } finally {
    await simulator.close();
  }
}

describe('a user that left the directory', () => {
  it.each([[], ['absent-200-empty'], ['absent-200-null'], ['absent-404'], ['absent-410']])(
    'is deactivated however the directory answers without it: %s',
    async (...faults) => {
      const { run, status } = await syncAfterLeaving(faults);
      expect(run).toMatchObject({ status: 'succeeded', counts: { gone: 1, deactivate: 1 } });
      expect(run.warnings).toEqual([]);
      expect(status).toBe('inactive');
    },
  );

  it.each([
    ['filter-always-empty'],
    ['ignore-filter'],
    ['by-id-all-404'],
    ['lying-total-high=5', 'absent-404'],
  ])('stays while nothing proves it: %s', async (...faults) => {
    const { run, status, records, leaver } = await syncAfterLeaving(faults);
    expect(run.counts).toMatchObject({ gone: 0, deactivate: 0 });
    expect(status).toBe('active');
    if (run.certificate?.complete !== true) return;
    expect(records).toMatchObject([{ externalId: leaver, action: 'problem' }]);
  });
});
