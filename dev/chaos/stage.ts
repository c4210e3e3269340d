import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPrivateServices, type PrivateServices } from '@rollcall/dev-services';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { type DatabaseView, viewDatabase } from '../../test/e2e/database.ts';
import { operate, type Rollcall, type Running } from '../../test/e2e/processes.ts';
import { careful, type FollowedStore, generous, noteAway } from './followed-store.ts';
import { routeByKey } from './route-by-key.ts';

const users = 300;
const workerCount = 2;

/** All parts of a chaos run. */
export interface Stage {
  readonly services: PrivateServices;
  readonly rollcall: Rollcall;
  readonly view: DatabaseView;
  readonly stores: readonly FollowedStore[];
  /** The present workers; killed ones are replaced. */
  readonly workers: Running[];
  /** Starts a worker in place of one that was killed. */
  replace(worker: Running): Promise<void>;
  /** Stops all parts, whatever their state. */
  close(): Promise<void>;
}

/**
 * Starts private services, two JumpClouds, and workers with a store for each. `onStep` is called before each step.
 */
export async function setStage(seed: number, onStep: (step: string) => void): Promise<Stage> {
  const endings: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    onStep('starting private services');
    const services = await openPrivateServices(`chaos-${process.pid}`);
    endings.push(() => services.close());
    const stores = [
      await follow({ name: 'generous', seed: seed * 2 + 1, ...generous }),
      await follow({ name: 'careful', seed: seed * 2 + 2, ...careful }),
    ];
    endings.push(() => Promise.all(stores.map(({ simulator }) => simulator.close())));
    const router = await routeByKey(stores.map(({ simulator }) => simulator));
    endings.push(() => router.close());
    const rollcall = operate({
      MONGODB_URI: services.mongodbUri,
      REDIS_URL: services.redisUrl,
      JUMPCLOUD_CONSOLE_URL: router.url,
      SOURCE_RETRY_BUDGET_SECONDS: '3',
    });
    endings.push(() => rollcall.close());
    const view = await viewDatabase(rollcall);
    endings.push(() => view.close());
    onStep('starting workers, adding the stores');
    const workers: Running[] = [];
    while (workers.length < workerCount) workers.push(await rollcall.serve('worker'));
    for (const store of stores) await addStore(rollcall, store);
    return {
      services,
      rollcall,
      view,
      stores,
      workers,
      async replace(worker) {
        workers.splice(workers.indexOf(worker), 1, await rollcall.serve('worker'));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function follow({
  name,
  seed,
  ...rules
}: Pick<FollowedStore, 'name' | 'isInScope' | 'file'> & {
  readonly seed: number;
}): Promise<FollowedStore> {
  const id = seed.toString(16).padStart(24, '0');
  const organization = { id, name: `Chaos ${name}` };
  const simulator = await startSimulator({ users, groups: 0, seed, organization });
  const store = { name, simulator, ...rules, everAway: new Set<string>() };
  noteAway(store);
  return store;
}

async function addStore(rollcall: Rollcall, { name, simulator, file }: FollowedStore) {
  const add = ['store', 'add', name, '--directory', 'jumpcloud', '--api-key-stdin'];
  await rollcall.ask(add, simulator.apiKey);
  const path = join(tmpdir(), `${rollcall.env['REDIS_PREFIX']}-${name}.yaml`);
  await writeFile(path, file);
  await rollcall.ask(['store', 'apply', name, '-f', path]);
}
