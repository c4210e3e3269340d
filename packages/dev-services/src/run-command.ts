/** `run`: the services around one command. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { InvalidInput, Unavailable } from './errors.ts';
import { findGivenServices } from './given-services.ts';
import { type Instance, instanceOf, makeFolder, type ServiceUris } from './instance.ts';
import { takeLock, type Unlock } from './lock.ts';
import { findServices, type Services, startServices, stopServices } from './services.ts';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type ForwardedSignal = (typeof FORWARDED)[number];

/** More runs at once in one clone are too much for a machine. */
const MOST_RUNS = 20;

export interface RunRequest {
  readonly instance: string | undefined;
  readonly keep: boolean;
  readonly words: readonly [string, ...string[]];
}

/** Starts the services, runs the command, stops what was started. Returns the command's exit code. */
export async function runWithServices(services: Services, request: RunRequest): Promise<number> {
  const signals = listenForSignals();
  try {
    const given = findGivenServices(process.env);
    if (given !== undefined) return await runCommand(request.words, given, signals);
    return request.instance === undefined
      ? await runOnOwn(services, request, signals)
      : await runOnNamed(services, { ...request, instance: request.instance }, signals);
  } finally {
    signals.close();
  }
}

/** An instance of the run's own: it touches no other data and leaves none of its own. */
async function runOnOwn(
  services: Services,
  request: RunRequest,
  signals: Signals,
): Promise<number> {
  const { instance, unlock } = await takeOwnInstance(services);
  try {
    const uris = await startServices(services, { instance, isFresh: !request.keep });
    return await runCommand(request.words, uris, signals);
  } finally {
    await stopServices(services, { instance, isDataDeleted: !request.keep });
    await unlock();
  }
}

/** A named instance keeps its data; services that ran before keep running. */
async function runOnNamed(
  services: Services,
  request: RunRequest & { readonly instance: string },
  signals: Signals,
): Promise<number> {
  const { repository } = services;
  const instance = instanceOf({ repository, name: request.instance, isDisposable: false });
  const isFound = (await findServices(services, instance)) !== undefined;
  try {
    const uris = await startServices(services, { instance, isFresh: false });
    return await runCommand(request.words, uris, signals);
  } finally {
    if (!isFound) await stopServices(services, { instance, isDataDeleted: false });
  }
}

/** The first of `run`, `run-2`, … that no living run has. Data of a killed run are deleted by a fresh start. */
async function takeOwnInstance({
  repository,
}: Services): Promise<{ instance: Instance; unlock: Unlock }> {
  for (let number = 1; number <= MOST_RUNS; number += 1) {
    const name = number === 1 ? 'run' : `run-${number}`;
    const instance = instanceOf({ repository, name, isDisposable: true });
    await makeFolder(instance);
    const unlock = await takeLock(join(instance.folder, 'run.lock'), { wait: false });
    if (unlock !== undefined) return { instance, unlock };
  }
  throw new Unavailable(`${MOST_RUNS} runs are going on in ${repository}`, {
    hint: 'Wait for one to end.',
  });
}

/** The signals that ask to stop: kept until there is a command, then forwarded to it. */
interface Signals {
  readonly received: () => ForwardedSignal | undefined;
  readonly forwardTo: (receiver: (signal: ForwardedSignal) => void) => void;
  readonly close: () => void;
}

function listenForSignals(): Signals {
  let received: ForwardedSignal | undefined;
  let receiver: (signal: ForwardedSignal) => void = () => undefined;
  const listen = (signal: NodeJS.Signals): void => {
    received = FORWARDED.find((one) => one === signal);
    if (received !== undefined) receiver(received);
  };
  for (const signal of FORWARDED) process.on(signal, listen);
  return {
    received: () => received,
    forwardTo: (next) => {
      receiver = next;
    },
    close: () => {
      for (const signal of FORWARDED) process.off(signal, listen);
    },
  };
}

async function runCommand(
  [program, ...words]: readonly [string, ...string[]],
  { mongodbUri, redisUrl }: ServiceUris,
  signals: Signals,
): Promise<number> {
  const early = signals.received();
  if (early !== undefined) return exitCodeOf(null, early);
  const child = spawn(program, words, {
    stdio: 'inherit',
    env: { ...process.env, MONGODB_URI: mongodbUri, REDIS_URL: redisUrl },
  });
  // A terminal's Ctrl-C reaches the command by itself; a second one would be read as "at once".
  signals.forwardTo((signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>(
    (resolve, reject) => {
      child.once('error', ({ message }) =>
        reject(new InvalidInput(`'${program}' can't be run: ${message}`)),
      );
      child.once('exit', (...ended) => resolve(ended));
    },
  );
  return exitCodeOf(code, signal);
}

/** A command ended by a signal counts as shells count it: 128 and the signal's number. */
function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
