import { emailKeyOf } from '../../src/core/email.ts';
import {
  groupPrefix,
  type RecordChoice,
  reasonCodeOf,
  riskKinds,
  type SyncRecord,
} from '../../src/core/model/record.ts';
import type { RiskCounts } from '../../src/core/plan/brakes.ts';
import { riskKindOf } from '../../src/core/plan/risks.ts';
import { searchWords, wordsAsked } from '../../src/core/search-words.ts';
import type { RecordStore } from '../../src/ports/records.ts';
import type { WriteLog } from './write-log.ts';

const isOfKind = {
  unconfirmed: ({ confirmed }: SyncRecord) => !confirmed,
  'unconfirmed-removals': ({ cause, confirmed }: SyncRecord) => cause !== null && !confirmed,
  undecided: ({ undecidedRuns }: SyncRecord) => undecidedRuns !== null,
  moves: ({ fromRevision, claim, action, changes }: SyncRecord) =>
    fromRevision !== null &&
    (claim !== null || action === 'delete' || changes.some(({ field }) => field === 'emailKey')),
};

/** People are named by source id or member id, groups as `group:ID`. */
function isNamed({ kind, externalId, memberId }: SyncRecord, names: readonly string[]): boolean {
  if (kind === 'group') return names.includes(`${groupPrefix}${externalId}`);
  return names.includes(externalId ?? '') || names.includes(memberId ?? '');
}

const isFinal = ({ status }: SyncRecord) =>
  status === 'applied' || status === 'failed' || status === 'undone';

/** Whether a record is one that the choice means. */
export function isChosen(record: SyncRecord, choice: RecordChoice): boolean {
  const { kind, reasons, risk, field, department, location, text } = choice;
  const words = searchWords([record.name, record.email]);
  return (
    (kind === undefined || record.kind === kind) &&
    (reasons?.includes(reasonCodeOf(record)) ?? true) &&
    (risk === undefined || record.risks.some((each) => each.startsWith(`${risk}:`))) &&
    (field === undefined || record.changes.some((change) => change.field === field)) &&
    (department === undefined || record.department === department) &&
    (location === undefined || record.location === location) &&
    wordsAsked(text ?? '').every((asked) => words.some((word) => word.startsWith(asked)))
  );
}

/** The records of runs in memory. */
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
      .filter(({ kind }) => kind === (filter.kind ?? 'user'))
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
      .map(([claim, ids]) => ({ claim, winner: ids.find((id) => id !== '') ?? '' }));
  }
  async byIds(ids: readonly string[]) {
    return ids.flatMap((id) => this.all.get(id) ?? []);
  }
  async withAddress(key: string) {
    return [...this.all.values()]
      .filter(({ email }) => email !== null && emailKeyOf(email) === key)
      .map(({ runId, externalId, memberId }) => ({ runId, externalId, memberId }));
  }
  async containing(texts: readonly string[]) {
    const found = (value: string | null) =>
      texts.some((text) => value?.toLowerCase().includes(text.toLowerCase()));
    return [...this.all.values()].filter(({ changes, reason, error }) =>
      [reason, error, ...changes.flatMap(({ from, to }) => [from, to])].some(found),
    );
  }
  async replaceMany(records: readonly SyncRecord[]) {
    for (const record of records) {
      const present = this.all.get(record.id);
      if (present !== undefined && !isFinal(present)) this.#put(record);
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
    return [...this.all.values()].some(
      ({ blocksInStore, kind }) => blocksInStore === storeId && kind === 'user',
    );
  }
  async blocking(storeId: string, externalIds: readonly string[]) {
    return [...this.all.values()].filter(
      ({ blocksInStore, externalId, kind }) =>
        blocksInStore === storeId && kind === 'user' && externalIds.includes(externalId ?? ''),
    );
  }
  async blockingGroups(storeId: string) {
    return [...this.all.values()].filter(
      ({ blocksInStore, kind }) => blocksInStore === storeId && kind === 'group',
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
    const kind = riskKindOf({ risks: [risk] });
    for (const record of this.ofRun(runId)) {
      const isRisky = record.risks.some((each) =>
        risk.endsWith(':') ? each.startsWith(risk) : each === risk,
      );
      if (!isRisky || !['planned', 'held'].includes(record.status)) continue;
      this.#put({
        ...record,
        status: 'held',
        heldKind: riskKinds.findLast((one) => one === kind || one === record.heldKind) ?? null,
        blocksInStore: blocksInStore ?? record.blocksInStore,
      });
    }
  }
  async decide(decision: Parameters<RecordStore['decide']>[0]) {
    const { runId, people, choice = null, from, to, by, at } = decision;
    for (const record of this.#meant({ runId, people, choice, statuses: from })) {
      const confirmed = to === 'planned' ? false : record.confirmed;
      this.#put({
        ...record,
        status: to,
        confirmed,
        decidedBy: by,
        decidedAt: by === null ? null : at,
      });
    }
  }
  async count(asked: Parameters<RecordStore['count']>[0]) {
    return this.#meant(asked).length;
  }
  async countByStatus(
    runId: string,
    { decidedAt, kind = 'user' }: NonNullable<Parameters<RecordStore['countByStatus']>[1]> = {},
  ) {
    const counts: Partial<Record<SyncRecord['status'], number>> = {};
    for (const record of this.ofRun(runId)) {
      if (record.kind !== kind) continue;
      if (decidedAt && record.decidedAt?.getTime() !== decidedAt.getTime()) continue;
      counts[record.status] = (counts[record.status] ?? 0) + 1;
    }
    return counts;
  }
  async countByAction(runId: string, kind: SyncRecord['kind'] = 'user') {
    const counts: Partial<Record<SyncRecord['action'], number>> = {};
    for (const record of this.ofRun(runId)) {
      if (record.kind === kind) counts[record.action] = (counts[record.action] ?? 0) + 1;
    }
    return counts;
  }
  async removeAll(runId: string) {
    for (const record of this.ofRun(runId)) if (!isFinal(record)) this.all.delete(record.id);
  }

  #meant({ runId, statuses, people, choice }: Parameters<RecordStore['count']>[0]) {
    return this.ofRun(runId).filter(
      (record) =>
        statuses.includes(record.status) &&
        (people === null || isNamed(record, people)) &&
        isChosen(record, choice ?? {}),
    );
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
