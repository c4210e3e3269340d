import { seededRandom } from '../../../src/simulator/directory/random.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { memoryStage } from '../../fakes/memory-stage.ts';

let simulator: Simulator;
afterEach(() => simulator.close());

async function syncedStage(users: number) {
  simulator = await startSimulator({ users });
  const { stage } = memoryStage(simulator, { random: seededRandom(1) });
  await stage.sync();
  return stage;
}

describe('a directory with a row that it can’t list', () => {
  it.each([0, 3, 98, 99, 100, 249])('is synced but for row %i, whose member stays', async (row) => {
    const stage = await syncedStage(250);
    const [gone] = simulator.people.ids.slice(row > 100 ? 20 : 150);
    simulator.people.remove(gone ?? '');
    const shown = row > 100 ? row - 1 : row;
    simulator.setFaults([`row-500=${shown}`]);
    const run = await stage.sync();
    expect(run).toMatchObject({
      status: 'succeeded',
      certificate: { complete: true, problems: 1 },
      counts: { deactivate: 1, gone: 1 },
    });
    expect(run.warnings.join()).toContain(`skip=${shown}, limit=1`);
    const inactive = (await stage.members()).filter(
      ({ inactiveCause }) => inactiveCause === 'gone',
    );
    expect(inactive.map(({ externalId }) => externalId)).toEqual([gone]);
  });

  it('fails the run when no other request is answered, without a flood of requests', async () => {
    const stage = await syncedStage(250);
    simulator.setFaults(['listing-500']);
    simulator.clearRequests();
    expect(await stage.sync()).toMatchObject({
      status: 'failed',
      error: { code: 'source-failed' },
    });
    expect(simulator.requests.length).toBeLessThan(60);
  });
});
