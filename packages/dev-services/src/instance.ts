import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, Unavailable } from './errors.ts';
import { WAYS_OUT } from './ways-out.ts';

/** One private pair of Redis and MongoDB of one clone of the repository. */
export interface Instance {
  readonly name: string;
  /** Its state, locks and logs: `<repository>/.services/<name>`. */
  readonly folder: string;
  /** Distinguishes it from all other instances on the machine: a hash of the folder. */
  readonly id: string;
  /** Whether its data are deleted after use, so that they need not survive a power cut. */
  readonly isDisposable: boolean;
}

/** Where clients connect. */
export interface ServiceUris {
  readonly mongodbUri: string;
  readonly redisUrl: string;
}

/** The services that can be ended alone. */
const serviceNames = ['redis', 'database'] as const;
export type ServiceName = (typeof serviceNames)[number];

export function isServiceName(word: string | undefined): word is ServiceName {
  return (serviceNames as readonly (string | undefined)[]).includes(word);
}

const processSchema = z.object({
  name: z.enum(['postgres', 'redis', 'gateway']),
  pid: z.number().int(),
  /** When it started, in clock ticks since the boot: distinguishes it from a later process of the same number. */
  startedTicks: z.string(),
});

const stateSchema = z.discriminatedUnion('provider', [
  z.object({ provider: z.literal('docker') }),
  z.object({
    provider: z.literal('debian'),
    tree: z.string(),
    bootId: z.string(),
    ports: z.object({ postgres: z.number(), redis: z.number(), gateway: z.number() }),
    processes: z.array(processSchema),
  }),
]);

/** The started processes of an instance, as its folder stores them. */
export type InstanceState = z.infer<typeof stateSchema>;
export type DebianState = Extract<InstanceState, { provider: 'debian' }>;
export type ProcessRecord = z.infer<typeof processSchema>;

/** Names an instance; nothing is created. */
export function instanceOf(given: {
  readonly repository: string;
  readonly name: string;
  readonly isDisposable: boolean;
}): Instance {
  const folder = join(given.repository, '.services', given.name);
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return { name: given.name, folder, id, isDisposable: given.isDisposable };
}

/** Makes the folder of an instance. Throws Unavailable where this user may not write. */
export async function makeFolder(instance: Instance): Promise<void> {
  try {
    await mkdir(instance.folder, { recursive: true });
  } catch (error) {
    throw new Unavailable(`the state of the services can't be kept: ${messageOf(error)}`, {
      cause: error,
      hint: WAYS_OUT,
    });
  }
}

/** What was started for the instance; undefined when nothing was. */
export async function readState(instance: Instance): Promise<InstanceState | undefined> {
  let text: string;
  try {
    text = await readFile(stateFile(instance), 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return stateSchema.parse(JSON.parse(text));
}

/** Stores what was started; a reader sees the old state or the new one, never half of it. */
export async function writeState(instance: Instance, state: InstanceState): Promise<void> {
  const next = `${stateFile(instance)}.next`;
  await writeFile(next, `${JSON.stringify(state, null, 2)}\n`);
  await rename(next, stateFile(instance));
}

/** Stores that nothing runs. */
export async function clearState(instance: Instance): Promise<void> {
  await rm(stateFile(instance), { force: true });
}

/** Deletes the logs of earlier starts. */
export async function deleteLogs(instance: Instance): Promise<void> {
  const names = await readdir(instance.folder);
  const logs = names.filter((name) => name.endsWith('.log'));
  await Promise.all(logs.map((name) => rm(join(instance.folder, name), { force: true })));
}

/** The names of all instances that this clone has had. */
export async function listInstanceNames(repository: string): Promise<string[]> {
  try {
    return (await readdir(join(repository, '.services'))).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const stateFile = (instance: Instance): string => join(instance.folder, 'state.json');

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
