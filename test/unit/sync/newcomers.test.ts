import { SourceError } from '../../../src/core/errors.ts';
import type { StoreConfig } from '../../../src/core/model/store-config.ts';
import { requestSync } from '../../../src/manage/runs/request-sync.ts';
import { executeRun } from '../../../src/sync/run/execute-run.ts';
import { aConfig, aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

const actor = { by: 'cli:ada', from: 'desk' };

class World extends CliWorld {
  constructor(notifications: Partial<StoreConfig['settings']['notifications']> = {}) {
    super();
    this.configure({ mail: 'notify', ...notifications });
  }

  configure(notifications: Partial<StoreConfig['settings']['notifications']>): void {
    const config = aConfig();
    const settings = {
      statusSync: { ...config.settings.statusSync, staged: 'inactive' as const },
      notifications: { ...config.settings.notifications, ...notifications },
    };
    const store = aStore({ id: 'store1', name: 'acme', config: { ...config, settings } });
    this.stores.all.set('store1', store);
  }

  person(
    id: string,
    state: 'ACTIVATED' | 'SUSPENDED' | 'STAGED' = 'ACTIVATED',
    email = `${id}@acme.test`,
  ) {
    this.directory.set({ id, email, state, record: { email, firstname: id } });
  }

  async sync(asked: { readonly notify?: boolean; readonly mode?: 'full' | 'plan' } = {}) {
    const store = this.stores.all.get('store1');
    if (store === undefined) throw new Error('there is a store');
    const { run } = await requestSync(this.ports, { mode: 'full', ...asked, store }, actor);
    this.clock.advance(60_000);
    return this.work(run.id);
  }

  async work(id: string) {
    const signal = new AbortController().signal;
    const outcome = await executeRun(this.ports, id, {
      holder: id,
      signal,
      onProgress: () => undefined,
    });
    this.clock.advance(60_000);
    return outcome;
  }

  /** The mails that are due, by member. */
  async mails() {
    const due = await this.notices.due(this.clock.now(), 100);
    return due.map(({ kind, memberId }) => `${kind} ${memberId}`).sort();
  }
}

/** A world that has imported ada, and sends mail to newcomers from now on. */
async function imported(): Promise<World> {
  const world = new World();
  world.person('ada');
  await world.sync();
  expect(await world.mails()).toEqual([]);
  return world;
}

describe('mail to newcomers', () => {
  it('is not sent by a first import, unless that is asked for', async () => {
    await imported();
    const world = new World();
    world.person('ada');
    await world.sync({ notify: true });
    expect(await world.mails()).toEqual(['newcomer store1.ada']);
  });

  it('is still not sent when the first import failed and another one follows', async () => {
    const world = new World();
    world.person('ada');
    world.organizations = new SourceError('fatal', 'source-failed', 'away');
    await world.sync();
    world.organizations = [{ id: 'org1', name: 'Acme' }];
    await world.sync();
    expect(await world.mails()).toEqual([]);
  });

  it('is sent once to each member that a later run creates active', async () => {
    const world = await imported();
    world.person('bob');
    world.person('eve', 'SUSPENDED');
    await world.sync();
    await world.sync();
    expect(await world.mails()).toEqual(['newcomer store1.bob']);
  });

  it('is not sent by a preview, where no mail is wanted, and for members that come back', async () => {
    const world = await imported();
    world.person('bob');
    await world.sync({ mode: 'plan' });
    expect(await world.mails()).toEqual([]);
    world.configure({ mail: 'none' });
    await world.sync();
    world.configure({ mail: 'notify' });
    for (const state of ['SUSPENDED', 'ACTIVATED'] as const) {
      world.person('bob', state);
      await world.sync();
    }
    expect(world.members.all.get('store1.bob')).toMatchObject({ status: 'active' });
    expect(await world.mails()).toEqual([]);
  });

  it('waits until a member that was created inactive becomes active first', async () => {
    const world = await imported();
    for (const state of ['STAGED', 'ACTIVATED', 'SUSPENDED', 'ACTIVATED'] as const) {
      world.person('bob', state);
      await world.sync();
      expect(await world.mails()).toEqual(state === 'STAGED' ? [] : ['newcomer store1.bob']);
    }
  });

  it('is not sent to whom a person activates by hand', async () => {
    const world = await imported();
    world.person('bob', 'SUSPENDED');
    await world.sync();
    expect((await world.run(['members', 'activate', 'bob@acme.test'])).exitCode).toBe(0);
    world.person('bob');
    await world.sync();
    expect(await world.mails()).toEqual([]);
    expect(world.notices.all.size).toBe(0);
  });

  it('is not sent again when an undo takes members away and brings them back', async () => {
    const world = await imported();
    world.person('bob');
    const outcome = await world.sync();
    const [mail] = await world.notices.due(world.clock.now(), 10);
    if (mail !== undefined)
      await world.notices.save({ ...mail, deliveredAt: world.clock.now(), nextAttemptAt: null });
    if (outcome.outcome !== 'ended') throw new Error('the run ended');
    for (let times = 0; times < 2; times += 1) {
      const [latest] = await world.runs.list({ storeId: 'store1', limit: 1 });
      world.startWorker();
      const undone = await world.run(['runs', 'undo', latest?.id ?? '']);
      expect(undone.exitCode).toBe(0);
    }
    expect(await world.mails()).toEqual([]);
  });

  it('tells the address before when a run changes one', async () => {
    const world = await imported();
    world.person('ada', 'ACTIVATED', 'ADA@acme.test');
    await world.sync();
    expect(await world.mails()).toEqual([]);
    world.person('ada', 'ACTIVATED', 'countess@acme.test');
    await world.sync();
    expect(await world.mails()).toEqual(['address-changed store1.ada']);
  });

  it.each(['add', 'activate', 'markApplied'] as const)(
    'is neither lost nor doubled when the process dies at %s',
    async (at) => {
      const world = await imported();
      world.person('bob');
      world.person('cy', 'SUSPENDED');
      await world.sync();
      world.person('cy');
      world.person('dan');
      const port = at === 'markApplied' ? world.records : world.notices;
      const whole = Reflect.get(port, at) as (...args: unknown[]) => Promise<void>;
      let dies = true;
      Reflect.set(port, at, async (...args: unknown[]) => {
        if (dies) {
          dies = false;
          throw new TypeError('the process died');
        }
        return whole.apply(port, args);
      });
      const store = world.stores.all.get('store1');
      if (store === undefined) throw new Error('there is a store');
      const { run } = await requestSync(world.ports, { store, mode: 'full' }, actor);
      await world.work(run.id).catch(() => undefined);
      await world.work(run.id);
      expect(world.runs.all.get(run.id)).toMatchObject({ status: 'succeeded' });
      expect(await world.mails()).toEqual([
        'newcomer store1.bob',
        'newcomer store1.cy',
        'newcomer store1.dan',
      ]);
    },
  );

  it('leaves nothing behind when the mail server is not set, or the member is erased', async () => {
    const silent = new World();
    silent.notices.isSilent = true;
    silent.person('bob', 'STAGED');
    await silent.sync();
    expect(silent.notices.all.size).toBe(0);
    const world = await imported();
    world.person('bob');
    await world.sync();
    await world.run(['members', 'erase', 'bob@acme.test', '--yes']);
    expect(world.notices.all.size).toBe(0);
  });
});
