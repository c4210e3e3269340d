import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { CliDependencies, Finding, OutputStream } from '../../src/cli/dependencies.ts';
import { runCli } from '../../src/cli/program.ts';
import type { ClockReading } from '../../src/core/clocks.ts';
import type { TxtAnswer } from '../../src/core/mail/check-domain.ts';
import type { Run } from '../../src/core/model/run.ts';
import { createConnectPushed, directories } from '../../src/directories/index.ts';
import type { AlertSenders } from '../../src/ports/alerts.ts';
import type { ConnectOptions, Organization } from '../../src/ports/directory.ts';
import type { Ports } from '../../src/ports/index.ts';
import type { Progress } from '../../src/ports/job-queue.ts';
import type { Rehearsed } from '../../src/rehearsal/rehearse-fault.ts';
import { executeRun } from '../../src/sync/run/execute-run.ts';
import { expressions } from './expressions.ts';
import { MemoryDirectory } from './memory-directory.ts';
import { MemoryStorage } from './memory-storage.ts';
import { StandingClock } from './standing-clock.ts';

/** A stream that keeps its text; a terminal when it has columns. */
export class Sink extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number;
  constructor(columns = 0) {
    super();
    this.isTTY = columns > 0;
    this.columns = columns;
  }
  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** The result of one command. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as a JSON document; throws when it isn't one. */
  json(): unknown;
}

/**
 * All dependencies of the command line, in memory. Sleeping moves the clock and calls `onSleep`.
 */
export class CliWorld extends MemoryStorage<StandingClock> {
  readonly directory = new MemoryDirectory();
  organizations: readonly Organization[] | Error = [{ id: 'org1', name: 'Acme' }];
  readonly connected: ConnectOptions[] = [];
  readonly enqueued: string[] = [];
  reconciled = 0;
  /** What the resolvers answer, by name. */
  readonly txt = new Map<string, TxtAnswer>();
  alertSenders: AlertSenders = {};
  publicUrl = 'https://rollcall.test';
  workers = 1;
  hanging: readonly string[] = [];
  progress: Progress | null = null;
  enqueueError: Error | null = null;
  openError: Error | null = null;
  findings: readonly Finding[] = [];
  clocks: readonly ClockReading[] = [];
  unusable: 'settings' | 'services' = 'settings';
  rehearsed: readonly Rehearsed[] = [];
  readonly served: string[] = [];
  readonly signals = new EventEmitter();
  opened = 0;
  closed = 0;
  env: Record<string, string> = {};
  onSleep: (nth: number) => void | Promise<void> = () => undefined;
  #sleeps = 0;

  constructor() {
    super(new StandingClock(new Date('2026-02-01T00:00:00Z')));
  }

  get ports(): Ports {
    return {
      ...this.kept,
      alertSenders: this.alertSenders,
      sendMail: null,
      lookUpTxt: async (name) => this.txt.get(name) ?? { kind: 'none' },
      random: () => 0.5,
      directories,
      connectPushed: createConnectPushed(this.scim),
      expressions,
      queue: {
        enqueueJob: async ({ id }) => {
          if (this.enqueueError !== null) throw this.enqueueError;
          this.enqueued.push(id);
        },
        reconcileSchedules: async () => {
          this.reconciled += 1;
        },
        workers: async () => ({ alive: this.workers, hanging: this.hanging }),
        listWorkers: async () => [
          { host: 'desk', pid: '7', version: '0.1.0', silentForMs: 1_000, state: 'alive' },
        ],
        lengths: async () => [{ queue: 'runs', waiting: 1, active: 0, delayed: 0, failed: 0 }],
        progressOf: async () => this.progress,
      },
      connectDirectory: (options) => {
        this.connected.push(options);
        const directory = this.directory;
        directory.organizations = async () => {
          if (this.organizations instanceof Error) throw this.organizations;
          return [...this.organizations];
        };
        return directory;
      },
    };
  }

  /** Runs a command line with `input` on standard input. */
  async run(
    args: readonly string[],
    { input = '', stdout = new Sink(), stderr = new Sink() } = {},
  ): Promise<Outcome> {
    const exitCode = await runCli(args, this.dependencies({ input, stdout, stderr }));
    return {
      exitCode,
      stdout: stdout.text,
      stderr: stderr.text,
      json: () => JSON.parse(stdout.text),
    };
  }

  dependencies({
    input = '',
    stdout,
    stderr,
  }: {
    readonly input?: string;
    readonly stdout: OutputStream;
    readonly stderr: OutputStream;
  }): CliDependencies {
    const open: CliDependencies['open'] = async () => {
      if (this.openError !== null) throw this.openError;
      this.opened += 1;
      return {
        ports: this.ports,
        publicUrl: this.publicUrl,
        close: async () => {
          this.closed += 1;
        },
      };
    };
    return {
      directories: async () => directories,
      stdin: Readable.from(input === '' ? [] : [input]),
      stdout,
      stderr,
      env: this.env,
      signals: this.signals,
      userName: 'ada',
      hostName: 'desk',
      sleep: async (ms) => {
        this.clock.advance(ms);
        this.#sleeps += 1;
        await this.onSleep(this.#sleeps);
      },
      open,
      openDatabase: open,
      checkServices: async () => ({
        findings: this.findings,
        clocks: this.clocks,
        unusable: this.openError === null ? null : this.unusable,
      }),
      rehearse: async (onRehearsed) => {
        for (const each of this.rehearsed) onRehearsed(each);
        return this.rehearsed;
      },
      serve: async (role) => {
        this.served.push(role);
      },
    };
  }

  /** Has a worker carry out the enqueued runs, while commands wait. */
  startWorker(): void {
    this.onSleep = async () => {
      for (const id of this.enqueued.splice(0)) {
        await executeRun(this.ports, id, {
          holder: 'worker',
          signal: new AbortController().signal,
          onProgress: () => undefined,
        });
      }
    };
  }

  /** Changes a run as a worker would. */
  patchRun(id: string, patch: Partial<Run>): void {
    const run = this.runs.all.get(id);
    if (run !== undefined) this.runs.all.set(id, { ...run, ...patch });
  }
}
