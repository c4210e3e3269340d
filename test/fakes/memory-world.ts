import type { MemberStatus } from '../../src/core/model/member.ts';
import type { SyncRecord } from '../../src/core/model/record.ts';
import type { Run, RunMode } from '../../src/core/model/run.ts';
import type { DirectoryStore } from '../../src/core/model/store.ts';
import type { StoreConfig } from '../../src/core/model/store-config.ts';
import { directories } from '../../src/directories/index.ts';
import type { AuditPorts } from '../../src/manage/audit/audited.ts';
import type { EditPorts } from '../../src/manage/members/carry-out-edit.ts';
import { setMemberStatus } from '../../src/manage/members/edit-member.ts';
import { requestDecision } from '../../src/manage/runs/request-decision.ts';
import { requestUndo } from '../../src/manage/runs/request-undo.ts';
import type { ConnectDirectory, ConnectPushed } from '../../src/ports/directory.ts';
import type { Expressions } from '../../src/ports/expressions.ts';
import type { Ports } from '../../src/ports/index.ts';
import { executeRun } from '../../src/sync/run/execute-run.ts';
import type { RunOutcome, SyncPorts } from '../../src/sync/run/run-ports.ts';
import { aConfig, aStore } from '../builders/models.ts';
import { expressions } from './expressions.ts';
import { MemoryDirectory } from './memory-directory.ts';
import { MemoryStorage } from './memory-storage.ts';
import { StandingClock } from './standing-clock.ts';

/** The actor of decisions and edits in tests. */
export const actor = { by: 'cli:ada', from: 'desk' };

/** A store, its directory and everything that a run needs, in memory. */
export class MemoryWorld extends MemoryStorage<StandingClock> {
  readonly directory = new MemoryDirectory();
  readonly worker = new AbortController();
  random: () => number = () => 0.5;
  connect: ConnectDirectory = () => this.directory;
  connectPushed: ConnectPushed = () => this.directory;
  expressions: Expressions = expressions;

  constructor(config: Partial<StoreConfig> = {}, store: Partial<DirectoryStore> = {}) {
    super(new StandingClock(new Date('2026-02-01T00:00:00Z')));
    const built = aStore({ config: aConfig(config), ...store });
    this.stores.all.set(built.id, built);
  }

  get ports(): SyncPorts & Pick<Ports, 'directories'> & EditPorts & AuditPorts {
    return {
      ...this.kept,
      random: () => this.random(),
      directories,
      connectDirectory: this.connect,
      connectPushed: this.connectPushed,
      expressions: this.expressions,
    };
  }

  async enqueue(mode: RunMode = 'full'): Promise<Run> {
    const { run } = await this.runs.enqueue({
      storeId: 'store1',
      mode,
      trigger: 'manual',
      configRevision: 1,
      requestedBy: 'cli:ada',
    });
    return run;
  }

  execute(runId: string): Promise<RunOutcome> {
    return executeRun(this.ports, runId, {
      holder: 'worker1',
      signal: this.worker.signal,
      onProgress: () => undefined,
    });
  }

  /** Runs a sync to its end. */
  async sync(
    mode: RunMode = 'full',
  ): Promise<{ readonly run: Run; readonly records: readonly SyncRecord[] }> {
    const { id } = await this.enqueue(mode);
    return { run: await this.#end(id), records: this.records.ofRun(id) };
  }

  /** Decides on held records, and carries the decision out. */
  async decide(
    runId: string,
    verdict: 'approve' | 'reject',
    people: readonly string[] | null = null,
  ): Promise<Run> {
    const run = await this.runs.get(runId);
    if (run === null) throw new Error(`no run ${runId}`);
    await requestDecision(this.#queued, { run, verdict, people, actor });
    return this.#end(runId);
  }

  /** Undoes what a run applied. */
  async undo(
    runId: string,
    isPreview = false,
  ): Promise<{ readonly run: Run; readonly records: readonly SyncRecord[] }> {
    const run = await this.runs.get(runId);
    if (run === null) throw new Error(`no run ${runId}`);
    const requested = await requestUndo(this.#queued, { run, isPreview, actor });
    const ended = await this.#end(requested.run.id);
    return { run: ended, records: this.records.ofRun(ended.id) };
  }

  get #queued() {
    const { runs, records, stores, audit, clock } = this;
    return { runs, records, stores, audit, clock, queue: { enqueueJob: async () => undefined } };
  }

  async #end(runId: string): Promise<Run> {
    const outcome = await this.execute(runId);
    if (outcome.outcome !== 'ended') throw new Error(`the run was ${outcome.outcome}`);
    return outcome.run;
  }

  member(externalId: string) {
    return (
      [...this.members.all.values()].find((member) => member.externalId === externalId) ?? null
    );
  }

  /** Sets the status of a member by hand. */
  async setStatus(externalId: string, status: MemberStatus): Promise<void> {
    const member = this.member(externalId);
    if (member === null) throw new Error(`no member ${externalId}`);
    await setMemberStatus(this.ports, { member, status, actor });
  }
}
