import { seededRandom } from '../../../src/simulator/directory/random.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { memoryStage } from '../../fakes/memory-stage.ts';

const users = 1_500;

let simulator: Simulator;
afterEach(() => simulator.close());

describe('a directory of many users', () => {
  it('ends right although a quarter of all requests fail at random', async () => {
    simulator = await startSimulator({ users, faults: ['random-errors=25'] });
    const { stage } = memoryStage(simulator, { random: seededRandom(1) });
    const run = await stage.sync();
    expect(run.status).toBe('succeeded');
    expect(run.certificate?.complete).toBe(true);
    const members = new Map(
      (await stage.members()).map(({ externalId, fields, status }) => [
        externalId,
        { email: fields.email, status },
      ]),
    );
    // A staged user need not be a member.
    const there = simulator.people.all().filter(({ state }) => state !== 'STAGED');
    expect(there.map(({ _id }) => members.get(_id))).toEqual(
      there.map(({ email, state }) => ({
        email: email.normalize('NFC'),
        status: state === 'ACTIVATED' ? 'active' : 'inactive',
      })),
    );
  });

  it.each([
    ['unauthorized', 'source-auth', 'needs-reauthorization'],
    ['unauthorized-midway', 'source-auth', 'needs-reauthorization'],
    ['login-redirect', 'source-auth', 'needs-reauthorization'],
    ['forbidden', 'source-failed', 'active'],
    ['forbidden-midway', 'source-failed', 'active'],
  ])('gets few requests once it refuses: %s', async (fault, code, status) => {
    simulator = await startSimulator({ users });
    const { stage, world } = memoryStage(simulator, { random: seededRandom(1) });
    for (let time = 0; time < 2; time += 1) {
      simulator.setFaults([fault]);
      simulator.clearRequests();
      const run = await stage.sync();
      expect(run).toMatchObject({ status: 'failed', error: { code } });
      expect((await world.stores.get('store1'))?.status).toBe(status);
      expect(simulator.requests.length).toBeLessThan(20);
      simulator.setFaults([]);
      await stage.reauthorize();
      expect(await stage.sync()).toMatchObject({ status: 'succeeded' });
    }
  });

  it.each(['login-page', 'maintenance-redirect', 'unauthorized-once', 'unauthorized-once=1'])(
    'keeps its schedule after one odd answer: %s',
    async (fault) => {
      simulator = await startSimulator({ users });
      const { stage, world } = memoryStage(simulator, { random: seededRandom(1) });
      await stage.sync();
      simulator.setFaults([fault]);
      await stage.sync();
      expect((await world.stores.get('store1'))?.status).toBe('active');
      simulator.setFaults([]);
      expect(await stage.sync()).toMatchObject({ status: 'succeeded' });
    },
  );
});
