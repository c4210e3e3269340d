/*
 * `tsx packages/dev-services/src/redis-cluster.ts`: a Redis cluster of three nodes on the loopback interface, with no data in it.
 * Prints its URL once it answers, and stops when its standard input ends or it is told to.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { inTree, SERVICE_UID } from './debian/chroot.ts';
import { whyDebianIsUnavailable } from './debian/debian-provider.ts';
import { findFreePorts } from './debian/ports.ts';
import { ensureTree } from './debian/tree.ts';
import { whyDockerIsUnavailable } from './docker.ts';
import { messageOf, Unavailable } from './errors.ts';
import { runProgram } from './external-command.ts';

interface Node {
  readonly port: number;
  /** The ports between the nodes. */
  readonly busPort: number;
}

type Command = readonly [program: string, words: readonly string[]];

const nodeCount = 3;
const slotCount = 16_384;
/** That of compose.yaml. */
const image = 'redis:8.0.6';
const readyWithinMs = 30_000;
const pollMs = 50;

const cleanUp: (() => Promise<unknown>)[] = [];

function nodeSettings({ port, busPort }: Node, folder: string): Readonly<Record<string, string>> {
  return {
    port: String(port),
    'cluster-enabled': 'yes',
    'cluster-port': String(busPort),
    'cluster-config-file': `nodes-${port}.conf`,
    dir: folder,
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
  };
}

const toArguments = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);

/** By the Redis of this machine; else as `npm run services` has it: by Docker, or in the private folder of Debian's packages. */
async function commandsFor(nodes: readonly Node[]): Promise<readonly Command[]> {
  const own = await runProgram('redis-server', ['--version']);
  if (own.exitCode === 0) return ownCommands(nodes);
  if ((await whyDockerIsUnavailable()) === undefined) return [dockerCommand(nodes)];
  const againstDebian = await whyDebianIsUnavailable();
  if (againstDebian === undefined) return debianCommands(nodes);
  throw new Unavailable('there is no way here to have a Redis cluster', {
    hint: 'Install redis-server (7 or later), or start Docker.',
  });
}

async function ownCommands(nodes: readonly Node[]): Promise<readonly Command[]> {
  const folder = await temporaryFolder(tmpdir());
  return nodes.map((node) => [
    'redis-server',
    toArguments({ ...nodeSettings(node, folder), bind: '127.0.0.1' }),
  ]);
}

async function debianCommands(nodes: readonly Node[]): Promise<readonly Command[]> {
  const tree = await ensureTree((line) => void process.stderr.write(`${line}\n`));
  const folder = await temporaryFolder(join(tree, 'tmp'));
  await chown(folder, SERVICE_UID, SERVICE_UID);
  return nodes.map((node) => {
    const settings = nodeSettings(node, folder.slice(tree.length));
    return inTree(tree, [
      '/usr/bin/redis-server',
      ...toArguments({ ...settings, bind: '127.0.0.1' }),
    ]);
  });
}

/** All nodes in one container: there, as outside, each finds the others at 127.0.0.1. */
function dockerCommand(nodes: readonly Node[]): Command {
  const name = `rollcall-redis-cluster-${randomBytes(4).toString('hex')}`;
  cleanUp.push(() => runProgram('docker', ['rm', '--force', name]));
  const published = nodes.flatMap(({ port }) => ['--publish', `127.0.0.1:${port}:${port}`]);
  const servers = nodes.map((node) => {
    const announced = { 'cluster-announce-ip': '127.0.0.1', 'protected-mode': 'no' };
    const words = toArguments({ ...nodeSettings(node, '/tmp'), ...announced });
    return ['redis-server', ...words.map((word) => `'${word}'`)].join(' ');
  });
  const script = `${servers.join(' & ')} & wait`;
  return [
    'docker',
    ['run', '--rm', '--init', '--name', name, ...published, image, 'sh', '-c', script],
  ];
}

async function temporaryFolder(within: string): Promise<string> {
  const folder = await mkdtemp(join(within, 'rollcall-redis-cluster-'));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function start([program, words]: Command): void {
  const child = spawn(program, [...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  cleanUp.unshift(() => end(child));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Distributes the slots and connects the nodes with each other. */
async function formCluster(nodes: readonly Node[], signal: AbortSignal): Promise<void> {
  const clients = nodes.map(({ port }) => {
    const client = new Redis(port, '127.0.0.1', { retryStrategy: () => pollMs });
    return client.on('error', () => undefined);
  });
  try {
    const share = Math.ceil(slotCount / nodeCount);
    for (const [index, client] of clients.entries()) {
      const last = Math.min((index + 1) * share, slotCount) - 1;
      await client.call('CLUSTER', 'ADDSLOTSRANGE', index * share, last);
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
    }
    for (const { port, busPort } of nodes.slice(1)) {
      await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
    }
    for (const client of clients) {
      while (!/cluster_state:ok.*cluster_known_nodes:3/s.test(await client.cluster('INFO'))) {
        await sleep(pollMs, undefined, { signal });
      }
    }
  } finally {
    for (const client of clients) client.disconnect();
  }
}

async function stop(exitCode: number): Promise<never> {
  for (const step of cleanUp.splice(0)) await step();
  process.exit(exitCode);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
process.stdin.on('end', () => void stop(0)).resume();
try {
  const ports = await findFreePorts(2 * nodeCount);
  const nodes = Array.from({ length: nodeCount }, (_, index) => ({
    port: ports[2 * index] ?? 0,
    busPort: ports[2 * index + 1] ?? 0,
  }));
  for (const command of await commandsFor(nodes)) start(command);
  await formCluster(nodes, AbortSignal.timeout(readyWithinMs));
  process.stdout.write(`redis://127.0.0.1:${nodes[0]?.port}\n`);
} catch (error) {
  process.stderr.write(`redis-cluster: ${messageOf(error)}\n`);
  await stop(69);
}
