import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { CliDependencies, Finding, OutputStream } from '../../src/cli/dependencies.ts';
import { runCli } from '../../src/cli/program.ts';
import { Conflict } from '../../src/core/errors.ts';
import { hasEnded, type Run } from '../../src/core/model/run.ts';
import type { Credential, DirectoryStore } from '../../src/core/model/store.ts';
import type { AccessToken } from '../../src/core/model/token.ts';
import { connectPushed } from '../../src/directories/scim/index.ts';
import type { ConnectOptions, Organization } from '../../src/ports/directory.ts';
import type { DirectoryStores } from '../../src/ports/directory-stores.ts';
import type { Ports } from '../../src/ports/index.ts';
import type { Progress } from '../../src/ports/job-queue.ts';
import type { RunStore } from '../../src/ports/runs.ts';
import type { ScimTokenStore } from '../../src/ports/scim.ts';
import type { TokenStore } from '../../src/ports/tokens.ts';
import type { Rehearsed } from '../../src/rehearsal/rehearse-fault.ts';
import { executeRun } from '../../src/sync/run/execute-run.ts';
import { aStore } from '../builders/models.ts';
import { MemoryAlerts } from './memory-alerts.ts';
import { MemoryAudit } from './memory-audit.ts';
import { MemoryDirectory } from './memory-directory.ts';
import { MemoryPages } from './memory-pages.ts';
import {
  MemoryLeases,
  MemoryMembers,
  MemoryRecords,
  MemoryRuns,
  MemoryStores,
} from './memory-ports.ts';
import { MemoryScim } from './memory-scim.ts';

class CliRuns extends MemoryRuns implements RunStore {
  override async enqueue(run: Parameters<RunStore['enqueue']>[0]) {
    const queued = [...this.all.values()].find(
      ({ storeId, mode, status }) =>
        storeId === run.storeId && mode === run.mode && status === 'queued',
    );
    return queued === undefined ? super.enqueue(run) : { run: queued, created: false };
  }
  async requestCancel(id: string) {
    const run = this.all.get(id);
    if (run === undefined || hasEnded(run)) return null;
    const at = new Date('2026-02-01T00:00:00Z');
    const asked: Run =
      run.status === 'queued'
        ? { ...run, status: 'cancelled', finishedAt: at, cancelRequested: true }
        : { ...run, cancelRequested: true };
    this.all.set(id, asked);
    return asked;
  }
  async prunable() {
    return [];
  }
  async removeMany() {}
  async countByStatus() {
    return {};
  }
}

class CliStores extends MemoryStores implements DirectoryStores {
  readonly credentials = new Map<string, Credential>();
  readonly removed: { readonly name: string; readonly members: string }[] = [];

  async create({ credential, ...store }: Parameters<DirectoryStores['create']>[0]) {
    const created = aStore({ ...store, id: `store${this.all.size + 1}` });
    this.all.set(created.id, created);
    if (credential) this.credentials.set(created.id, credential);
    return created;
  }
  async byName(name: string) {
    return [...this.all.values()].find((store) => store.name === name) ?? null;
  }
  async list() {
    return [...this.all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
  async syncSummaries() {
    return [];
  }
  async reauthorize(id: string, by: Parameters<DirectoryStores['reauthorize']>[1]) {
    if (by.credential) this.credentials.set(id, by.credential);
    return this.#change(id, ({ status }) => ({
      owner: by.owner,
      status: status === 'paused' ? 'paused' : 'active',
    }));
  }
  async configure(id: string, change: Parameters<DirectoryStores['configure']>[1]) {
    return this.#change(id, ({ configRevision }) => {
      if (configRevision !== change.fromRevision) throw new Conflict('changed meanwhile');
      return { config: change.config, configRevision: configRevision + 1 };
    });
  }
  async rename(id: string, name: string) {
    return this.#change(id, () => ({ name }));
  }
  async changeOwner(id: string, owner: string) {
    return this.#change(id, () => ({ owner }));
  }
  async remove({ id, name }: DirectoryStore, members: 'keep' | 'delete') {
    this.all.delete(id);
    this.removed.push({ name, members });
    return { members: 2 };
  }

  #change(id: string, change: (store: DirectoryStore) => Partial<DirectoryStore>): DirectoryStore {
    const store = this.all.get(id);
    if (store === undefined) throw new Error(`no store ${id}`);
    const changed = { ...store, ...change(store) };
    this.all.set(id, changed);
    return changed;
  }
}

class CliTokens implements TokenStore {
  readonly all = new Map<string, AccessToken>();

  async create({ name, role }: Parameters<TokenStore['create']>[0]) {
    const id = `token${this.all.size + 1}`;
    const token = { id, name, role, createdAt: new Date('2026-01-01'), lastUsedAt: null };
    this.all.set(id, token);
    return { token, secret: 'rc_once' };
  }
  async list() {
    return [...this.all.values()];
  }
  async get(id: string) {
    return this.all.get(id) ?? null;
  }
  /** The secret of a token is `rc_` and its id. */
  async bySecret(secret: string) {
    return this.all.get(secret.replace(/^rc_/, '')) ?? null;
  }
  add(id: string, role: AccessToken['role']) {
    this.all.set(id, { id, name: id, role, createdAt: new Date('2026-01-01'), lastUsedAt: null });
    return `rc_${id}`;
  }
  async revoke(id: string) {
    return this.all.delete(id);
  }
}

/** A stream that keeps what is written to it; a terminal when it has columns. */
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

/** How one command went. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as the JSON document it has to be; throws when it isn't one. */
  json(): unknown;
}

/** Everything the command line talks to, in memory. Sleeping moves the clock and calls `onSleep`. */
export class CliWorld {
  nowMs = Date.parse('2026-02-01T00:00:00Z');
  readonly clock = { now: () => new Date(this.nowMs) };
  readonly #writes = { members: 0, records: 0, runs: 0, leases: 0 };
  readonly directory = new MemoryDirectory();
  organizations: readonly Organization[] | Error = [{ id: 'org1', name: 'Acme' }];
  readonly connected: ConnectOptions[] = [];
  readonly members = new MemoryMembers(this.#writes, this.clock);
  readonly pages = new MemoryPages();
  readonly records = new MemoryRecords(this.#writes);
  readonly runs = new CliRuns(this.#writes, this.clock);
  readonly leases = new MemoryLeases(this.#writes);
  readonly stores = new CliStores();
  readonly tokens = new CliTokens();
  readonly alerts = new MemoryAlerts(this.clock);
  readonly scim = new MemoryScim(this.clock);
  readonly issued: { readonly storeId: string; readonly overlapMs: number }[] = [];
  readonly scimTokens: ScimTokenStore = {
    issue: async (storeId, overlapMs) => {
      this.issued.push({ storeId, overlapMs });
      return `rcs_${this.issued.length}`;
    },
    storeOf: async () => null,
  };
  readonly audit = new MemoryAudit(this.clock);
  readonly rung: string[] = [];
  reconciled = 0;
  workers = 1;
  progress: Progress | null = null;
  ringError: Error | null = null;
  openError: Error | null = null;
  findings: readonly Finding[] = [];
  rehearsed: readonly Rehearsed[] = [];
  readonly served: string[] = [];
  readonly signals = new EventEmitter();
  opened = 0;
  closed = 0;
  env: Record<string, string> = {};
  onSleep: (nth: number) => void | Promise<void> = () => undefined;
  #sleeps = 0;

  get ports(): Ports {
    const { members, records, pages, runs, leases, stores, tokens, alerts, audit, clock } = this;
    return {
      members,
      records,
      pages,
      runs,
      leases,
      stores,
      tokens,
      alerts,
      scim: this.scim,
      scimTokens: this.scimTokens,
      audit,
      clock,
      random: () => 0.5,
      connectPushed: (storeId) => connectPushed(this.scim, storeId),
      queue: {
        enqueueJob: async ({ id }) => {
          if (this.ringError !== null) throw this.ringError;
          this.rung.push(id);
        },
        reconcileSchedules: async () => {
          this.reconciled += 1;
        },
        workerCount: async () => this.workers,
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

  /** Runs a command line; `input` comes on standard input. */
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
    return {
      stdin: Readable.from(input === '' ? [] : [input]),
      stdout,
      stderr,
      env: this.env,
      signals: this.signals,
      userName: 'ada',
      hostName: 'desk',
      sleep: async (ms) => {
        this.nowMs += ms;
        this.#sleeps += 1;
        await this.onSleep(this.#sleeps);
      },
      open: async () => {
        if (this.openError !== null) throw this.openError;
        this.opened += 1;
        return {
          ports: this.ports,
          publicUrl: 'https://rollcall.test',
          close: async () => {
            this.closed += 1;
          },
        };
      },
      checkServices: async () => ({
        findings: this.findings,
        usable: this.openError === null,
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

  /** Has a worker carry out what was rung for, while commands wait. */
  startWorker(): void {
    this.onSleep = async () => {
      for (const id of this.rung.splice(0)) {
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
