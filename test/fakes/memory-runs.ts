import { isDeepStrictEqual } from 'node:util';
import {
  appliedIn,
  type Counts,
  countNames,
  hasEnded,
  heldIn,
  makeRun,
  type NewRun,
  type Run,
  syncModes,
} from '../../src/core/model/run.ts';
import type { StoreConfig } from '../../src/core/model/store-config.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { RunFilter, RunStore } from '../../src/ports/runs.ts';
import { MemoryRecordPeople } from './memory-groups.ts';
import type { MemoryRecords } from './memory-records.ts';
import type { WriteLog } from './write-log.ts';

/** Ids count up, and `run10` comes after `run9`. */
const { compare } = new Intl.Collator('en', { numeric: true });

/**
 * Runs in memory: one queued run for each store, mode and subject, and compare-and-set on the
 * holder.
 */
export class MemoryRuns implements RunStore {
  readonly all = new Map<string, Run>();
  readonly #log: WriteLog;
  readonly #clock: Clock;
  readonly #records: MemoryRecords;
  readonly #recordPeople: MemoryRecordPeople;
  #made = 0;
  constructor(
    log: WriteLog,
    clock: Clock,
    records: MemoryRecords,
    recordPeople = new MemoryRecordPeople(),
  ) {
    this.#log = log;
    this.#clock = clock;
    this.#records = records;
    this.#recordPeople = recordPeople;
  }

  async enqueue(asked: NewRun) {
    const run = this.#make(asked);
    const queued = [...this.all.values()].find(
      (other) =>
        other.status === 'queued' &&
        other.storeId === run.storeId &&
        other.mode === run.mode &&
        other.undoOf === run.undoOf &&
        isDeepStrictEqual(other.proposed, run.proposed),
    );
    if (queued !== undefined) return { run: queued, created: false };
    return { run: this.#insert(run), created: true };
  }
  async insertUnderWay(asked: NewRun) {
    return this.#insert({
      ...this.#make(asked),
      status: 'applying',
      startedAt: this.#clock.now(),
    });
  }
  async get(id: string) {
    return this.all.get(id) ?? null;
  }
  async list({
    storeId,
    statuses,
    holding,
    atWorkSince,
    modes,
    from,
    to,
    changed,
    configRevision,
    before,
    limit,
  }: RunFilter): Promise<readonly Run[]> {
    return [...this.all.values()]
      .filter(({ id }) => before === undefined || compare(id, before) < 0)
      .filter(({ mode }) => modes?.includes(mode) ?? true)
      .filter((run) => storeId === undefined || run.storeId === storeId)
      .filter((run) => configRevision === undefined || run.configRevision === configRevision)
      .filter(({ status }) => statuses?.includes(status) ?? true)
      .filter(({ createdAt }) => from === undefined || createdAt >= from)
      .filter(({ createdAt }) => to === undefined || createdAt < to)
      .filter((run) => changed === undefined || changed === appliedIn(run) + heldIn(run) > 0)
      .filter((run) => holding !== true || (run.mode !== 'plan' && heldIn(run) > 0))
      .filter(
        ({ status, finishedAt }) =>
          atWorkSince === undefined ||
          status === 'applying' ||
          (finishedAt !== null && finishedAt >= atWorkSince),
      )
      .sort((a, b) => compare(b.id, a.id))
      .slice(0, limit);
  }
  async update(
    { id, holder }: Pick<Run, 'id' | 'holder'>,
    patch: Parameters<RunStore['update']>[1],
  ) {
    const run = this.all.get(id);
    if (run === undefined || hasEnded(run) || run.holder !== holder) return null;
    this.#log.runs += 1;
    return this.#put({ ...run, ...patch });
  }
  async requestCancel(id: string) {
    const run = this.all.get(id);
    if (run === undefined || hasEnded(run)) return null;
    const asked: Run = { ...run, cancelRequested: true };
    return this.#put(
      run.status === 'queued'
        ? { ...asked, status: 'cancelled', finishedAt: this.#clock.now() }
        : asked,
    );
  }
  async openDecision(id: string, decision: Parameters<RunStore['openDecision']>[1]) {
    const run = this.all.get(id);
    if (run === undefined || run.finishedAt === null) return null;
    return this.#put({
      ...run,
      decision: { ...decision, from: run.status, finishedAt: run.finishedAt },
      status: 'applying',
      finishedAt: null,
      cancelRequested: false,
      resumes: 0,
      holder: null,
    });
  }
  async amend(id: string, patch: Parameters<RunStore['amend']>[1]) {
    const run = this.all.get(id);
    if (run === undefined || !hasEnded(run)) return null;
    return this.#put({ ...run, ...patch });
  }
  async redactProposed(id: string, proposed: StoreConfig) {
    const run = this.all.get(id);
    if (run !== undefined) this.#put({ ...run, proposed });
  }
  async prunable(before: Date, limit: number) {
    const waiting = new Set(
      [...this.#records.all.values()]
        .filter(({ status, blocksInStore }) => status === 'held' || blocksInStore !== null)
        .map(({ runId }) => runId),
    );
    return [...this.all.values()]
      .filter(({ finishedAt }) => finishedAt !== null && finishedAt < before)
      .filter(({ id, status }) => status !== 'held' && !waiting.has(id))
      .map(({ id }) => id)
      .sort(compare)
      .slice(0, limit);
  }
  async removeMany(ids: readonly string[]) {
    for (const id of ids) {
      for (const record of this.#records.ofRun(id)) this.#records.all.delete(record.id);
      await this.#recordPeople.removeAll(id);
      this.all.delete(id);
    }
  }
  async sumSince(since: Date) {
    const recent = [...this.all.values()].filter(
      ({ createdAt, mode }) => createdAt >= since && mode !== 'plan',
    );
    const sums = countNames.map((name) => [
      name,
      recent.reduce((sum, { counts }) => sum + counts[name], 0),
    ]);
    return { runs: recent.length, counts: Object.fromEntries(sums) as Counts };
  }
  async countByRevision(storeId: string, revisions: readonly number[]) {
    const counts = new Map<number, number>();
    for (const run of await this.list({ storeId, modes: syncModes })) {
      const { configRevision: revision } = run;
      if (revisions.includes(revision)) counts.set(revision, (counts.get(revision) ?? 0) + 1);
    }
    return counts;
  }
  async countByStatus() {
    const counts: Partial<Record<Run['status'], number>> = {};
    for (const { status } of this.all.values()) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  #make(asked: NewRun): Run {
    let number = this.#made + 1;
    while (this.all.has(`run${number}`)) number += 1;
    return makeRun(asked, { id: `run${number}`, now: this.#clock.now() });
  }
  #insert(run: Run): Run {
    this.#made = Number(run.id.slice('run'.length));
    this.#log.runs += 1;
    return this.#put(run);
  }
  #put(run: Run): Run {
    this.all.set(run.id, run);
    return run;
  }
}
