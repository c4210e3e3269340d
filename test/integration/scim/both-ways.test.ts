import { createConnectDirectory } from '../../../src/directories/index.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { aUser, openScimWorld, type ScimWorld } from './scim-world.ts';

describe('a store with push and pull', () => {
  let world: ScimWorld;
  let simulator: Simulator;
  beforeAll(async () => {
    world = await openScimWorld();
    simulator = await startSimulator({ users: 5, groups: 0 });
  });
  beforeEach(async () => {
    await world.empty();
    await world.addStore({}, { apiKey: simulator.apiKey });
    await world.stores.reauthorize(world.store.id, {
      credential: { type: 'api-key', apiKey: simulator.apiKey },
      owner: 'cli:ada',
      organization: { orgId: simulator.organization.id, sendOrgId: false },
    });
    world.connectDirectory = createConnectDirectory(
      { origins: { JUMPCLOUD_CONSOLE_URL: simulator.url }, retryBudgetMs: 2_000 },
      { now: Date.now, random: () => 0 },
    );
  });
  afterEach(() => simulator.setFaults([]));
  afterAll(async () => {
    await world.close();
    await simulator.close();
  });

  /** Pushes users of the directory as they are. */
  const pushAll = async (): Promise<Map<string, string>> => {
    const ids = new Map<string, string>();
    for (const id of simulator.people.ids) {
      const { email, firstname, lastname } = simulator.people.get(id);
      const answer = await world.ask(
        'POST',
        '/Users',
        aUser(email, {
          name: { givenName: firstname, familyName: lastname },
          emails: [{ value: email, type: 'work', primary: true }],
          active: simulator.people.get(id).state === 'ACTIVATED',
        }),
      );
      ids.set(id, answer.id);
    }
    return ids;
  };

  it('reports nothing when all pushes came', async () => {
    await pushAll();
    expect(await world.sync()).toMatchObject({ status: 'succeeded', warnings: [] });
  });

  it('reports lost pushes, and repairs them', async () => {
    const ids = await pushAll();
    await world.sync();
    const [renamed = '', removed = ''] = simulator.people.ids.filter(
      (id) => simulator.people.get(id).state === 'ACTIVATED',
    );
    simulator.people.update(renamed, { lastname: 'Elsewhere' });
    simulator.people.remove(removed);
    const preview = await world.sync('plan');
    expect(preview.warnings).toEqual([expect.stringContaining('2 pushes were lost')]);
    const run = await world.sync();
    expect(run.warnings).toEqual([expect.stringContaining('2 pushes were lost')]);
    expect(run.warnings.join('')).toContain(ids.get(renamed));
    expect(await world.member(ids.get(renamed) ?? '')).toMatchObject({
      fields: { lastName: 'Elsewhere' },
    });
    expect(await world.member(ids.get(removed) ?? '')).toMatchObject({ status: 'inactive' });
    expect((await world.sync()).warnings).toEqual([]);
    // A later push decides again.
    const at = `/Users/${ids.get(renamed)}`;
    const Operations = [{ op: 'replace', path: 'name.familyName', value: 'Again' }];
    await world.ask('PATCH', at, { Operations });
    expect(await world.member(ids.get(renamed) ?? '')).toMatchObject({
      fields: { lastName: 'Again' },
    });
  });

  it('takes nobody as gone when the listing lacks a user that answers by id', async () => {
    const ids = await pushAll();
    await world.sync();
    const [removed = ''] = simulator.people.ids.filter(
      (id) => simulator.people.get(id).state === 'ACTIVATED',
    );
    simulator.people.remove(removed);
    simulator.setFaults(['subset-listing=2']);
    const run = await world.sync();
    expect(run.warnings).toEqual([expect.stringContaining('was not listed but answers')]);
    expect(await world.member(ids.get(removed) ?? '')).toMatchObject({ status: 'active' });
  });

  it('continues with the pushed users when the directory can not be asked', async () => {
    await pushAll();
    simulator.setFaults(['always-500']);
    const run = await world.sync();
    expect(run).toMatchObject({ status: 'succeeded' });
    expect(run.warnings).toEqual([expect.stringContaining('could not be compared')]);
  });
});
