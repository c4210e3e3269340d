import { emailKeyOf } from '../../src/core/email.ts';
import type { Member } from '../../src/core/model/member.ts';
import type { SyncRecord } from '../../src/core/model/record.ts';
import { hasEnded, makeRun, type Run } from '../../src/core/model/run.ts';
import type { Credential, DirectoryStore } from '../../src/core/model/store.ts';
import { patchMember } from '../../src/core/plan/apply-record.ts';
import type { RiskCounts } from '../../src/core/plan/guard.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { DirectoryStores } from '../../src/ports/directory-stores.ts';
import type { LeaseStore } from '../../src/ports/leases.ts';
import type { MemberPageFilter, MemberStore, WriteOutcome } from '../../src/ports/members.ts';
import type { RecordStore } from '../../src/ports/records.ts';
import type { RunFilter, RunStore } from '../../src/ports/runs.ts';

/** Counts of writes, so that tests can say that nothing was written. */
export interface WriteLog {
  members: number;
  records: number;
  runs: number;
  leases: number;
}

const ascending = (a: string | null, b: string | null) => ((a ?? '') < (b ?? '') ? -1 : 1);

/** A member store in memory that keeps the promises of the port: compare-and-set, unique address keys. */
export class MemoryMembers implements MemberStore {
  readonly all = new Map<string, Member>();
  readonly #log: WriteLog;
  readonly #clock: Clock;
  constructor(log: WriteLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  async get(id: string) {
    return this.all.get(id) ?? null;
  }
  async byIds(ids: readonly string[]) {
    return [...this.all.values()].filter(({ id }) => ids.includes(id));
  }
  async byEmailKey(key: string) {
    return [...this.all.values()].find(({ emailKey }) => emailKey === key) ?? null;
  }
  async byEmailKeys(keys: readonly string[]) {
    return [...this.all.values()].filter(
      ({ emailKey }) => emailKey !== null && keys.includes(emailKey),
    );
  }
  async headsInIdRange(range: Parameters<MemberStore['headsInIdRange']>[0]) {
    const { storeId, after, upTo, limit } = range;
    return this.#ofStore(storeId)
      .flatMap(({ externalId, fingerprint, inactiveCause, absence }) =>
        externalId === null ||
        (after !== null && externalId <= after) ||
        (upTo !== null && externalId > upTo)
          ? []
          : [{ externalId, fingerprint, inactiveCause, absence }],
      )
      .sort((a, b) => ascending(a.externalId, b.externalId))
      .slice(0, limit);
  }
  async bySourceIds(storeId: string, ids: readonly string[]) {
    return this.#ofStore(storeId).filter(({ externalId }) => ids.includes(externalId ?? ''));
  }
  async keptFrom(origin: Parameters<MemberStore['keptFrom']>[0], ids: readonly string[]) {
    return [...this.all.values()].filter(
      ({ keptFrom, externalId }) =>
        keptFrom?.directory === origin.directory &&
        keptFrom.orgId === origin.orgId &&
        ids.includes(externalId ?? ''),
    );
  }
  async hasKeptFrom(origin: Parameters<MemberStore['keptFrom']>[0]) {
    return [...this.all.values()].some(({ keptFrom }) => keptFrom?.orgId === origin.orgId);
  }
  async counts(storeId: string) {
    const members = this.#ofStore(storeId);
    const active = members.filter(({ status }) => status === 'active').length;
    return { active, inactive: members.length - active };
  }
  async *list(filter: Parameters<MemberStore['list']>[0]) {
    yield* [...this.all.values()]
      .filter(({ storeId }) => filter.storeId === undefined || storeId === filter.storeId)
      .filter(({ status }) => filter.status === undefined || status === filter.status)
      .sort((a, b) => ascending(a.externalId, b.externalId));
  }
  async page({ storeId, status, emailPrefix, namePrefix, after, limit }: MemberPageFilter) {
    const by = emailPrefix !== undefined ? 'emailKey' : storeId === undefined ? 'id' : 'externalId';
    const found = [...this.all.values()]
      .filter((member) => storeId === undefined || member.storeId === storeId)
      .filter((member) => status === undefined || member.status === status)
      .filter(({ emailKey }) => emailPrefix === undefined || emailKey?.startsWith(emailPrefix))
      .filter(({ fields: { firstName, lastName, displayName } }) =>
        [firstName, lastName, displayName].some(
          (name) =>
            namePrefix === undefined || name?.toLowerCase().startsWith(namePrefix.toLowerCase()),
        ),
      )
      .filter((member) => after === undefined || (member[by] ?? '') > after)
      .sort((a, b) => ascending(a[by], b[by]));
    const members = found.slice(0, limit);
    return { members, next: found.length > limit ? (members.at(-1)?.[by] ?? null) : null };
  }
  async insertMany(members: readonly Member[]): Promise<WriteOutcome> {
    return this.#outcome(members, (member) => {
      const there = this.all.get(member.id);
      if (there !== undefined) {
        return there.lastRecord === member.lastRecord ? null : 'a member is there already';
      }
      return this.#put(member);
    });
  }
  async updateMany(updates: Parameters<MemberStore['updateMany']>[0]): Promise<WriteOutcome> {
    return this.#outcome(updates, ({ id, fromRevision, recordId, set }) => {
      const member = this.all.get(id);
      if (member === undefined) return 'the member is gone';
      if (member.revision !== fromRevision) {
        return member.lastRecord === recordId ? null : 'changed meanwhile';
      }
      return this.#put(patchMember(member, { patch: set, recordId, now: this.#clock.now() }));
    });
  }
  async deleteMany(deletes: Parameters<MemberStore['deleteMany']>[0]): Promise<WriteOutcome> {
    return this.#outcome(deletes, ({ id, fromRevision }) => {
      const member = this.all.get(id);
      if (member !== undefined && member.revision !== fromRevision) return 'changed meanwhile';
      this.#log.members += 1;
      this.all.delete(id);
      return null;
    });
  }
  async markGone(members: Parameters<MemberStore['markGone']>[0]) {
    for (const { id, revision } of members) {
      const member = this.all.get(id);
      if (member?.status !== 'inactive' || member.revision !== revision) continue;
      this.#log.members += 1;
      this.all.set(id, { ...member, inactiveCause: 'gone', fingerprint: null });
    }
  }
  async noteFingerprints(notes: Parameters<MemberStore['noteFingerprints']>[0]) {
    for (const { id, revision, fingerprint } of notes) {
      const member = this.all.get(id);
      if (member?.revision !== revision) continue;
      this.#log.members += 1;
      this.all.set(id, { ...member, fingerprint });
    }
  }
  async noteAbsences(notes: Parameters<MemberStore['noteAbsences']>[0]) {
    for (const { id, absence } of notes) {
      const member = this.all.get(id);
      if (member === undefined) continue;
      this.#log.members += 1;
      this.all.set(id, { ...member, absence });
    }
  }
  async releaseEmailKeys(releases: Parameters<MemberStore['releaseEmailKeys']>[0]) {
    for (const { id, fromRevision } of releases) {
      const member = this.all.get(id);
      if (member?.revision === fromRevision) {
        this.all.set(id, { ...member, emailKey: null, fingerprint: null });
      }
    }
  }

  #ofStore(store: string) {
    return [...this.all.values()].filter(({ storeId }) => storeId === store);
  }
  #put(member: Member): string | null {
    const holder = [...this.all.values()].find(
      ({ id, emailKey }) => emailKey !== null && emailKey === member.emailKey && id !== member.id,
    );
    if (holder !== undefined) return `${holder.id} has the address`;
    this.#log.members += 1;
    this.all.set(member.id, member);
    return null;
  }
  #outcome<T extends { recordId: string } | Member>(
    writes: readonly T[],
    write: (one: T) => string | null,
  ): WriteOutcome {
    const applied: string[] = [];
    const failed: { recordId: string; error: string }[] = [];
    for (const one of writes) {
      const recordId = 'recordId' in one ? one.recordId : (one.lastRecord ?? '');
      const error = write(one);
      if (error === null) applied.push(recordId);
      else failed.push({ recordId, error });
    }
    return { applied, failed };
  }
}

const isOfKind = {
  unconfirmed: ({ confirmed }: SyncRecord) => !confirmed,
  'unconfirmed-removals': ({ cause, confirmed }: SyncRecord) => cause !== null && !confirmed,
  moves: ({ fromRevision, claim, action, changes }: SyncRecord) =>
    fromRevision !== null &&
    (claim !== null || action === 'delete' || changes.some(({ field }) => field === 'emailKey')),
};

const isSettled = ({ status }: SyncRecord) =>
  status === 'applied' || status === 'failed' || status === 'undone';

export class MemoryRecords implements RecordStore {
  readonly all = new Map<string, SyncRecord>();
  readonly #log: WriteLog;
  constructor(log: WriteLog) {
    this.#log = log;
  }

  async insertMany(records: readonly SyncRecord[]) {
    for (const record of records) {
      if (!this.all.has(record.id)) this.#put(record);
    }
  }
  async page(filter: Parameters<RecordStore['page']>[0]) {
    return this.ofRun(filter.runId)
      .filter(({ seq }) => seq > (filter.afterSeq ?? -1))
      .filter(({ status }) => filter.statuses === undefined || filter.statuses.includes(status))
      .filter(({ action }) => filter.actions === undefined || filter.actions.includes(action))
      .filter((record) => filter.only === undefined || isOfKind[filter.only](record))
      .slice(0, filter.limit);
  }
  async claimsPage(filter: Parameters<RecordStore['claimsPage']>[0]) {
    const { claims, limit, ...rest } = filter;
    const all = await this.page({ ...rest, statuses: ['planned'], limit: Number.MAX_SAFE_INTEGER });
    return all
      .filter(({ claim }) => claim !== null && (claims === undefined || claims.includes(claim)))
      .slice(0, limit);
  }
  async contestedClaims(runId: string) {
    const claimants = new Map<string, string[]>();
    for (const { claim, status, externalId } of this.ofRun(runId)) {
      if (claim === null || status !== 'planned') continue;
      claimants.set(claim, [...(claimants.get(claim) ?? []), externalId ?? ''].sort());
    }
    return [...claimants]
      .filter(([, ids]) => ids.length > 1)
      .map(([claim, [winner = '']]) => ({ claim, winner }));
  }
  async byIds(ids: readonly string[]) {
    return ids.flatMap((id) => this.all.get(id) ?? []);
  }
  async withAddress(key: string) {
    return [...this.all.values()].filter(
      ({ email }) => email !== null && emailKeyOf(email) === key,
    );
  }
  async replaceMany(records: readonly SyncRecord[]) {
    for (const record of records) {
      const present = this.all.get(record.id);
      if (present !== undefined && !isSettled(present)) this.#put(record);
    }
  }
  async redactMany(records: readonly SyncRecord[]) {
    for (const record of records) if (this.all.has(record.id)) this.#put(record);
  }
  async removeMany(ids: readonly string[], from: readonly SyncRecord['status'][] = ['planned']) {
    for (const status of from) {
      for (const { id } of await this.#in(ids, status)) this.all.delete(id);
    }
  }
  async markApplied(ids: readonly string[]) {
    for (const record of await this.#in(ids, 'planned')) {
      this.#put({ ...record, status: 'applied', blocksInStore: null });
    }
  }
  async markUndone(ids: readonly string[], undone: boolean) {
    for (const record of await this.#in(ids, undone ? 'applied' : 'undone')) {
      this.#put({ ...record, status: undone ? 'undone' : 'applied' });
    }
  }
  async fail(
    failures: Parameters<RecordStore['fail']>[0],
    from: 'planned' | 'applied' = 'planned',
  ) {
    for (const { id, error } of failures) {
      for (const record of await this.#in([id], from)) {
        this.#put({ ...record, status: 'failed', blocksInStore: null, error });
      }
    }
  }
  async rejectPlanned(runId: string, reason: string) {
    for (const record of this.ofRun(runId)) {
      if (record.status === 'planned') this.#put({ ...record, status: 'rejected', reason });
    }
  }
  async hasBlocking(storeId: string) {
    return [...this.all.values()].some(({ blocksInStore }) => blocksInStore === storeId);
  }
  async blocking(storeId: string, externalIds: readonly string[]) {
    return [...this.all.values()].filter(
      ({ blocksInStore, externalId }) =>
        blocksInStore === storeId && externalIds.includes(externalId ?? ''),
    );
  }
  async countRisks(runId: string) {
    return countRisks(
      this.ofRun(runId).filter(({ status }) => status === 'planned' || status === 'held'),
    );
  }
  async countAppliedRisks(runIds: readonly string[]) {
    return countRisks(
      [...this.all.values()].filter(
        ({ runId, status, decidedBy }) =>
          runIds.includes(runId) && status === 'applied' && decidedBy === null,
      ),
    );
  }
  async hold({ runId, risk, blocksInStore }: Parameters<RecordStore['hold']>[0]) {
    for (const record of this.ofRun(runId)) {
      const isRisky = record.risks.some((each) =>
        risk.endsWith(':') ? each.startsWith(risk) : each === risk,
      );
      if (!isRisky || !['planned', 'held'].includes(record.status)) continue;
      this.#put({
        ...record,
        status: 'held',
        blocksInStore: blocksInStore ?? record.blocksInStore,
      });
    }
  }
  async decide({ runId, people, from, to, by, at }: Parameters<RecordStore['decide']>[0]) {
    for (const record of this.ofRun(runId)) {
      const { status, externalId, memberId } = record;
      const isMeant =
        people === null || people.includes(externalId ?? '') || people.includes(memberId ?? '');
      if (!isMeant || !from.includes(status)) continue;
      const confirmed = to === 'planned' ? false : record.confirmed;
      this.#put({ ...record, status: to, confirmed, decidedBy: by, decidedAt: at });
    }
  }
  async countByStatus(runId: string, decidedAt?: Date) {
    const counts: Partial<Record<SyncRecord['status'], number>> = {};
    for (const record of this.ofRun(runId)) {
      if (decidedAt && record.decidedAt?.getTime() !== decidedAt.getTime()) continue;
      counts[record.status] = (counts[record.status] ?? 0) + 1;
    }
    return counts;
  }
  async countByAction(runId: string) {
    const counts: Partial<Record<SyncRecord['action'], number>> = {};
    for (const { action } of this.ofRun(runId)) counts[action] = (counts[action] ?? 0) + 1;
    return counts;
  }
  async removeAll(runId: string) {
    for (const record of this.ofRun(runId)) if (!isSettled(record)) this.all.delete(record.id);
  }

  ofRun(run: string) {
    return [...this.all.values()]
      .filter(({ runId }) => runId === run)
      .sort((a, b) => a.seq - b.seq);
  }
  async #in(ids: readonly string[], status: SyncRecord['status']) {
    return (await this.byIds(ids)).filter((record) => record.status === status);
  }
  #put(record: SyncRecord) {
    this.#log.records += 1;
    this.all.set(record.id, record);
  }
}

function countRisks(records: readonly SyncRecord[]): RiskCounts {
  const has = (prefix: string) =>
    records.filter(({ risks }) => risks.some((risk) => risk.startsWith(prefix)));
  const blanks: Record<string, number> = {};
  for (const risk of records.flatMap(({ risks }) => risks)) {
    if (!risk.startsWith('blank:')) continue;
    const field = risk.slice('blank:'.length);
    blanks[field] = (blanks[field] ?? 0) + 1;
  }
  const removals = has('removal:');
  const isActive = ({ changes }: SyncRecord) =>
    changes.some(({ field, from }) => field === 'status' && from === 'active');
  return {
    removals: removals.length,
    activeRemovals: removals.filter(isActive).length,
    emailChanges: has('email:').length,
    blanks,
  };
}

export class MemoryRuns
  implements
    Pick<
      RunStore,
      'enqueue' | 'insertUnderWay' | 'get' | 'update' | 'list' | 'openDecision' | 'amend'
    >
{
  readonly all = new Map<string, Run>();
  readonly #log: WriteLog;
  readonly #clock: Clock;
  constructor(log: WriteLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  async enqueue(run: Parameters<RunStore['enqueue']>[0]) {
    return { run: this.#insert(run, 'queued'), created: true };
  }
  async insertUnderWay(run: Parameters<RunStore['insertUnderWay']>[0]) {
    return this.#insert(run, 'applying');
  }
  async get(id: string) {
    return this.all.get(id) ?? null;
  }
  async update(
    { id, holder }: Pick<Run, 'id' | 'holder'>,
    patch: Parameters<RunStore['update']>[1],
  ) {
    const run = this.all.get(id);
    if (run === undefined || hasEnded(run) || run.holder !== holder) return null;
    this.#log.runs += 1;
    const next = { ...run, ...patch };
    this.all.set(id, next);
    return next;
  }

  async amend(id: string, patch: Parameters<RunStore['amend']>[1]) {
    const run = this.all.get(id);
    if (run === undefined || !hasEnded(run)) return null;
    this.all.set(id, { ...run, ...patch });
    return this.all.get(id) ?? null;
  }
  async openDecision(id: string, decision: Parameters<RunStore['openDecision']>[1]) {
    const run = this.all.get(id);
    if (run === undefined || !hasEnded(run)) return null;
    const open: Run = {
      ...run,
      decision: { ...decision, from: run.status, finishedAt: run.finishedAt as Date },
      status: 'applying',
      finishedAt: null,
      cancelRequested: false,
      resumes: 0,
      holder: null,
    };
    this.all.set(id, open);
    return open;
  }
  async list({
    storeId,
    statuses,
    holding,
    endedSince,
    modes,
    before,
    limit,
  }: RunFilter): Promise<readonly Run[]> {
    const all = [...this.all.values()];
    const until = before === undefined ? all.length : all.findIndex(({ id }) => id === before);
    return all
      .slice(0, until)
      .filter(({ mode }) => modes?.includes(mode) ?? true)
      .filter((run) => storeId === undefined || run.storeId === storeId)
      .filter(({ status }) => statuses?.includes(status) ?? true)
      .filter(({ mode, counts }) => holding !== true || (mode !== 'plan' && counts.held > 0))
      .filter(
        ({ finishedAt }) =>
          endedSince === undefined || (finishedAt !== null && finishedAt >= endedSince),
      )
      .toReversed()
      .slice(0, limit);
  }

  #insert(run: Parameters<RunStore['enqueue']>[0], status: Run['status']): Run {
    const id = `run${this.all.size + 1}`;
    const made = makeRun(run, { id, now: this.#clock.now() });
    const full: Run = { ...made, status };
    this.#log.runs += 1;
    this.all.set(id, full);
    return full;
  }
}

export class MemoryLeases implements LeaseStore {
  readonly holders = new Map<string, string>();
  readonly #log: WriteLog;
  constructor(log: WriteLog) {
    this.#log = log;
  }

  async acquire({ storeId, holder }: Parameters<LeaseStore['acquire']>[0]) {
    if ((this.holders.get(storeId) ?? holder) !== holder) return false;
    this.#log.leases += 1;
    this.holders.set(storeId, holder);
    return true;
  }
  async renew({ storeId, holder }: Parameters<LeaseStore['renew']>[0]) {
    return this.holders.get(storeId) === holder;
  }
  async release({ storeId, holder }: Parameters<LeaseStore['release']>[0]) {
    if (this.holders.get(storeId) !== holder) return;
    this.#log.leases += 1;
    this.holders.delete(storeId);
  }
}

export class MemoryStores implements Pick<DirectoryStores, 'get' | 'credential' | 'setStatus'> {
  readonly all = new Map<string, DirectoryStore>();

  async get(id: string) {
    return this.all.get(id) ?? null;
  }
  async credential(id: string): Promise<Credential | null> {
    const isAsked = this.all.get(id)?.orgId !== '';
    return isAsked ? { type: 'api-key', apiKey: 'jca_test' } : null;
  }
  async setStatus(id: string, status: DirectoryStore['status']) {
    const store = this.all.get(id);
    if (store !== undefined) this.all.set(id, { ...store, status });
  }
}
