/** Redis and a MongoDB-compatible server from Debian's packages, in a private root folder. */
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Unavailable } from '../../../src/core/errors.ts';
import { requireProgram, runProgram } from '../external-command.ts';
import {
  clearState,
  type DebianState,
  type Instance,
  type ProcessRecord,
  readState,
  type ServiceUris,
  writeState,
} from '../instance.ts';
import type { Provider, Report } from '../provider.ts';
import { inTree, SERVICE_UID } from './chroot.ts';
import { findFreePorts, isListening } from './ports.ts';
import { startPostgres, waitForPostgres } from './postgres.ts';
import { isRunning, killWorkersIn, readBootId, startProcess, stopProcess } from './processes.ts';
import { ensureTree } from './tree.ts';

type Ports = DebianState['ports'];

const READY_WITHIN_MS = 30_000;
const POLL_MS = 20;
/** A free port may be taken before its server listens: another one is tried then. */
const START_ATTEMPTS = 3;
/** Each is asked to end in the way that keeps its data; PostgreSQL's takes no account of open connections. */
const STOP_SIGNALS = { gateway: 'SIGTERM', redis: 'SIGTERM', postgres: 'SIGINT' } as const;
const STOP_ORDER = ['gateway', 'redis', 'postgres'] as const;
const GATEWAY = fileURLToPath(import.meta.resolve('../gateway/main.ts'));

/** Why Debian's packages can't be used here; undefined when they can. */
export async function whyDebianIsUnavailable(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `this is ${process.platform}, not Debian`;
  for (const program of ['apt-get', 'dpkg', 'chroot', 'flock']) {
    const found = await runProgram('sh', ['-c', `command -v ${program}`]);
    if (found.exitCode !== 0) return `${program} is missing: this is not Debian`;
  }
  const uid = process.getuid?.();
  return uid === 0 ? undefined : `they need root, and this is user ${uid}`;
}

/** The provider; `report` hears of what takes long. */
export function createDebianProvider(report: Report): Provider {
  return {
    find: findRunning,
    stop: stopInstance,
    async start(instance) {
      const running = await findRunning(instance);
      if (running !== undefined) return running;
      const earlier = await readDebianState(instance);
      await stopInstance(instance); // what is left of a half-dead one
      const tree = await ensureTree(report);
      return startWithRetry({ instance, tree, ports: earlier?.ports });
    },
    async deleteData(instance) {
      const state = await readDebianState(instance);
      const tree = state?.tree ?? (await ensureTree(report));
      await killWorkersIn(dataFolder(tree, instance), SERVICE_UID);
      await rm(dataFolder(tree, instance), { recursive: true, force: true });
    },
  };
}

async function startWithRetry(given: {
  instance: Instance;
  tree: string;
  ports: Ports | undefined;
}): Promise<ServiceUris> {
  const { instance, tree } = given;
  let ports = given.ports ?? (await chooseThreePorts());
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startAll({ instance, tree, ports });
    } catch (error) {
      await stopInstance(instance);
      if (attempt < START_ATTEMPTS) ports = await chooseThreePorts();
      else
        throw new Unavailable(`Redis and MongoDB did not start: ${String(error)}`, {
          cause: error,
        });
    }
  }
}

async function chooseThreePorts(): Promise<Ports> {
  const [postgres = 0, redis = 0, gateway = 0] = await findFreePorts(3);
  return { postgres, redis, gateway };
}

/** Starts all three, each noted before the next: whatever happens, stopping finds them. */
async function startAll(given: {
  instance: Instance;
  tree: string;
  ports: Ports;
}): Promise<ServiceUris> {
  const { instance, tree, ports } = given;
  await prepareData(instance, tree);
  const processes: ProcessRecord[] = [];
  const bootId = await readBootId();
  const note = async (record: ProcessRecord): Promise<ProcessRecord> => {
    processes.push(record);
    await writeState(instance, { provider: 'debian', tree, bootId, ports, processes });
    return record;
  };
  const logFile = (name: string): string => join(instance.folder, `${name}.log`);
  const data = `/data/${instance.id}`;
  const { isDisposable } = instance;
  const redis = await note(
    await startProcess({
      name: 'redis',
      command: inTree(tree, redisWords({ data: `${data}/redis`, port: ports.redis, isDisposable })),
      logFile: logFile('redis'),
    }),
  );
  const postgres = await note(
    await startPostgres({
      tree,
      data: `${data}/pg`,
      port: ports.postgres,
      isDisposable,
      logFile: logFile('postgres'),
    }),
  );
  await waitForPostgres({ record: postgres, port: ports.postgres, logFile: logFile('postgres') });
  const gateway = await note(
    await startProcess({
      name: 'gateway',
      command: gatewayCommand(ports),
      logFile: logFile('gateway'),
    }),
  );
  await waitForPort({ record: redis, port: ports.redis, logFile: logFile('redis') });
  await waitForPort({ record: gateway, port: ports.gateway, logFile: logFile('gateway') });
  return urisOf(ports);
}

async function prepareData(instance: Instance, tree: string): Promise<void> {
  const folder = dataFolder(tree, instance);
  await killWorkersIn(folder, SERVICE_UID); // somebody may have deleted the state of a running instance
  const database = join(folder, 'pg');
  if (
    await access(database).then(
      () => false,
      () => true,
    )
  ) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, 'redis'), { recursive: true });
    const copy = join(folder, 'pg.next'); // renamed when whole: a copy cut short is made again
    await requireProgram('cp', ['--archive', join(tree, 'template/pg'), copy]);
    await requireProgram('mv', [copy, database]);
    await requireProgram('chown', [`${SERVICE_UID}:${SERVICE_UID}`, folder, join(folder, 'redis')]);
  }
  await rm(join(database, 'postmaster.pid'), { force: true }); // nobody works in there any more
}

/** BullMQ needs noeviction: an evicted key is a lost job. */
function redisWords(given: { data: string; port: number; isDisposable: boolean }): string[] {
  const settings = {
    port: String(given.port),
    bind: '127.0.0.1',
    dir: given.data,
    'maxmemory-policy': 'noeviction',
    save: '',
    appendonly: given.isDisposable ? 'no' : 'yes',
    daemonize: 'no',
  };
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return ['/usr/bin/redis-server', ...words];
}

function gatewayCommand(ports: Ports): readonly [string, readonly string[]] {
  const words = ['--import', import.meta.resolve('tsx'), GATEWAY];
  return [process.execPath, [...words, String(ports.gateway), String(ports.postgres)]];
}

async function waitForPort(given: {
  record: ProcessRecord;
  port: number;
  logFile: string;
}): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isListening(given.port))) {
    const { name } = given.record;
    if (!(await isRunning(given.record))) throw new Error(`${name} ended; see ${given.logFile}`);
    if (Date.now() > deadline) throw new Error(`${name} does not answer; see ${given.logFile}`);
    await sleep(POLL_MS);
  }
}

async function findRunning(instance: Instance): Promise<ServiceUris | undefined> {
  const state = await readDebianState(instance);
  if (state === undefined || state.processes.length < STOP_ORDER.length) return undefined;
  if (state.bootId !== (await readBootId())) return undefined;
  const alive = await Promise.all(state.processes.map(isRunning));
  const listening = await Promise.all(Object.values(state.ports).map(isListening));
  return [...alive, ...listening].every(Boolean) ? urisOf(state.ports) : undefined;
}

async function stopInstance(instance: Instance): Promise<void> {
  const state = await readDebianState(instance);
  if (state === undefined) return;
  if (state.bootId === (await readBootId())) {
    for (const name of STOP_ORDER) {
      const record = state.processes.find((one) => one.name === name);
      if (record !== undefined) await stopProcess(record, STOP_SIGNALS[name]);
    }
    await killWorkersIn(dataFolder(state.tree, instance), SERVICE_UID);
  }
  await clearState(instance);
}

async function readDebianState(instance: Instance): Promise<DebianState | undefined> {
  const state = await readState(instance);
  return state?.provider === 'debian' ? state : undefined;
}

const dataFolder = (tree: string, instance: Instance): string => join(tree, 'data', instance.id);

const urisOf = (ports: Ports): ServiceUris => ({
  mongodbUri: `mongodb://127.0.0.1:${ports.gateway}/`,
  redisUrl: `redis://127.0.0.1:${ports.redis}`,
});
