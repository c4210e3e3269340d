/** Redis and a MongoDB-compatible server from Debian's packages, in a private root folder. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '../errors.ts';
import { runProgram } from '../external-command.ts';
import {
  clearState,
  type DebianState,
  type Instance,
  type ProcessRecord,
  readState,
  type ServiceName,
  type ServiceUris,
  writeState,
} from '../instance.ts';
import type { Provider, Report } from '../provider.ts';
import { inTree, SERVICE_UID } from './chroot.ts';
import { gatewayCommand, redisCommand } from './commands.ts';
import { dataFolder, prepareData } from './data-folder.ts';
import { findFreePorts, isListening } from './ports.ts';
import { startPostgres, waitForPostgres } from './postgres.ts';
import { isRunning, killWorkersIn, readBootId, startProcess, stopProcess } from './processes.ts';
import { ensureTree } from './tree.ts';

type Ports = DebianState['ports'];

const READY_WITHIN_MS = 30_000;
const POLL_MS = 20;
/** A free port may be taken before its server listens: then another one is tried. */
const START_ATTEMPTS = 3;
/** Each is asked to end in the way that keeps its data; PostgreSQL's way ignores open connections. */
const STOP_SIGNALS = { gateway: 'SIGTERM', redis: 'SIGTERM', postgres: 'SIGINT' } as const;
/** A PostgreSQL that is set to write late would lose acknowledged writes, so it ends in its fast, orderly way. */
const KILL_SIGNALS = { ...STOP_SIGNALS, gateway: 'SIGKILL', redis: 'SIGKILL' } as const;
const PARTS: Readonly<Record<ServiceName, readonly ProcessRecord['name'][]>> = {
  redis: ['redis'],
  database: ['gateway', 'postgres'],
};
const STOP_ORDER = ['gateway', 'redis', 'postgres'] as const;

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

/** The provider; `report` is called before slow steps. */
export function createDebianProvider(report: Report): Provider {
  return {
    find: findRunning,
    stop: stopInstance,
    async start(instance) {
      const running = await findRunning(instance);
      if (running !== undefined) return running;
      const earlier = await readDebianState(instance);
      const alive = await wholePartsOf(earlier);
      if (alive.length === 0) await stopInstance(instance);
      else await stopOthers(earlier, alive);
      const tree = await ensureTree(report);
      return startWithRetry({ instance, tree, ports: earlier?.ports, alive });
    },
    async kill(instance, service) {
      const state = await readDebianState(instance);
      for (const name of PARTS[service]) {
        const record = state?.processes.find((one) => one.name === name);
        if (record !== undefined) await stopProcess(record, KILL_SIGNALS[name]);
      }
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
  alive: readonly ProcessRecord[];
}): Promise<ServiceUris> {
  const { instance, tree } = given;
  let { alive } = given;
  let ports = given.ports ?? (await chooseThreePorts());
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startAll({ instance, tree, ports, alive });
    } catch (error) {
      await stopInstance(instance);
      alive = [];
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

/** The processes of each service that runs wholly. */
async function wholePartsOf(state: DebianState | undefined): Promise<ProcessRecord[]> {
  if (state === undefined || state.bootId !== (await readBootId())) return [];
  const parts = await Promise.all(
    Object.values(PARTS).map(async (names) => {
      const records = state.processes.filter(({ name }) => names.includes(name));
      const signs = await Promise.all([
        ...records.map(isRunning),
        ...names.map((name) => isListening(state.ports[name])),
      ]);
      return records.length === names.length && signs.every(Boolean) ? records : [];
    }),
  );
  return parts.flat();
}

async function stopOthers(
  state: DebianState | undefined,
  alive: readonly ProcessRecord[],
): Promise<void> {
  for (const record of state?.processes ?? []) {
    if (!alive.includes(record)) await stopProcess(record, STOP_SIGNALS[record.name]);
  }
}

/** Starts the services that don't run, each stored before the next: stopping finds them in any case. */
async function startAll(given: {
  instance: Instance;
  tree: string;
  ports: Ports;
  alive: readonly ProcessRecord[];
}): Promise<ServiceUris> {
  const { instance, tree, ports, alive } = given;
  const living = (name: ProcessRecord['name']) => alive.find((one) => one.name === name);
  await prepareData(instance, tree, alive);
  const processes: ProcessRecord[] = [...alive];
  const bootId = await readBootId();
  const note = async (record: ProcessRecord): Promise<ProcessRecord> => {
    processes.push(record);
    await writeState(instance, { provider: 'debian', tree, bootId, ports, processes });
    return record;
  };
  const logFile = (name: string): string => join(instance.folder, `${name}.log`);
  const data = `/data/${instance.id}`;
  const { isDisposable } = instance;
  const redis =
    living('redis') ??
    (await note(
      await startProcess({
        name: 'redis',
        command: inTree(
          tree,
          redisCommand({ data: `${data}/redis`, port: ports.redis, isDisposable }),
        ),
        logFile: logFile('redis'),
      }),
    ));
  const postgres =
    living('postgres') ??
    (await note(
      await startPostgres({
        tree,
        data: `${data}/pg`,
        port: ports.postgres,
        isDisposable,
        logFile: logFile('postgres'),
      }),
    ));
  await waitForPostgres({ record: postgres, port: ports.postgres, logFile: logFile('postgres') });
  const gateway =
    living('gateway') ??
    (await note(
      await startProcess({
        name: 'gateway',
        command: gatewayCommand(ports),
        logFile: logFile('gateway'),
      }),
    ));
  await waitForPort({ record: redis, port: ports.redis, logFile: logFile('redis') });
  await waitForPort({ record: gateway, port: ports.gateway, logFile: logFile('gateway') });
  return urisOf(ports);
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

const urisOf = (ports: Ports): ServiceUris => ({
  mongodbUri: `mongodb://127.0.0.1:${ports.gateway}/`,
  redisUrl: `redis://127.0.0.1:${ports.redis}`,
});
