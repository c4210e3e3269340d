import { hostname, userInfo } from 'node:os';
import type { ReadStream, WriteStream } from 'node:tty';
import type { ClockReading } from '../core/clocks.ts';
import { describeHidden } from '../core/hidden-characters.ts';
import { pauseFor } from '../manage/runs/watch-run.ts';
import type { Directories } from '../ports/directory.ts';
import type { Ports, PortsWithoutQueue } from '../ports/index.ts';
import type { Rehearsed } from '../rehearsal/rehearse-fault.ts';

export const serveRoles = ['api', 'worker', 'all'] as const;
export type ServeRole = (typeof serveRoles)[number];

/** The loaded settings and the connected database of a command. */
export interface OpenedDatabase {
  readonly ports: PortsWithoutQueue;
  /** Where people and directories reach this installation. */
  readonly publicUrl: string;
  close(): Promise<void>;
}

/** The same with the queue. */
export interface Opened extends OpenedDatabase {
  readonly ports: Ports;
}

/** Standard input, perhaps a terminal. */
export type InputStream = NodeJS.ReadableStream & Pick<Partial<ReadStream>, 'isTTY' | 'setRawMode'>;

/** Standard output or error, perhaps a terminal. */
export type OutputStream = NodeJS.WritableStream & Pick<Partial<WriteStream>, 'isTTY' | 'columns'>;

/** The signals of the process: `process` itself, or an event emitter in tests. */
interface Signals {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** What the command line needs from the process it runs in. */
export interface Surroundings {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signals: Signals;
  /** The operating system's name of the user who runs the command. */
  readonly userName: string;
  readonly hostName: string;
  /** Resolves after that time, or when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** One finding of `doctor`. */
export interface Finding {
  /** What was checked: `settings`, `database`, `store acme`. */
  readonly about: string;
  readonly ok: boolean;
  /** The result, in words. */
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** The findings of `doctor` about settings and services. */
export interface ServicesCheck {
  readonly findings: readonly Finding[];
  /** What the clocks of the services said. */
  readonly clocks: readonly ClockReading[];
  /** What must be right before the other checks can run; null when they can. */
  readonly unusable: 'settings' | 'services' | null;
}

/** Everything else is loaded by the first call, so that no command pays for what it does not use. */
export interface CliDependencies extends Surroundings {
  directories(): Promise<Directories>;
  /**
   * Loads settings and connects to the database and the queue. `ConfigError` or `Unavailable` when
   * that can't be done.
   */
  open(): Promise<Opened>;
  /** The same without the queue: works while Redis is away. */
  openDatabase(): Promise<OpenedDatabase>;
  /**
   * Checks settings, database, indexes and Redis, each alone: a problem is a finding, nothing is
   * thrown, and nothing is changed but one small key of Redis that expires.
   */
  checkServices(): Promise<ServicesCheck>;
  /**
   * Rehearses every fault of the simulator on temporary stores, in a database of their own; reports
   * each when it is done.
   */
  rehearse(onRehearsed: (done: Rehearsed) => void): Promise<readonly Rehearsed[]>;
  /** Runs a process until it is asked to stop. */
  serve(role: ServeRole): Promise<void>;
}

/** The environment of a real process. */
export function surroundingsOf(node: NodeJS.Process): Surroundings {
  return {
    stdin: node.stdin,
    stdout: node.stdout,
    stderr: node.stderr,
    env: node.env,
    signals: node,
    userName: readUserName(node.env),
    hostName: hostname(),
    sleep: pauseFor,
  };
}

/** In a container the user id may have no entry in the password file: `userInfo` throws then. */
function readUserName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    const name = env['USER'] ?? '';
    const isName = name !== '' && describeHidden(name) === null;
    return isName ? name : `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
