import { defined } from '../core/defined.ts';
import { emailKeyOf } from '../core/email.ts';
import { type Member, memberIdOf } from '../core/model/member.ts';
import { recordId, type SyncRecord } from '../core/model/record.ts';
import type { Run } from '../core/model/run.ts';
import type { RecordStore } from '../ports/records.ts';
import type { RunStore } from '../ports/runs.ts';
import { recordsOf } from '../sync/run/records/read-records.ts';

export interface HistoryPorts {
  readonly runs: Pick<RunStore, 'list'>;
  readonly records: Pick<RecordStore, 'byIds' | 'page'>;
}

/** A record with its run. */
export interface FoundRecord {
  readonly run: Run;
  readonly record: SyncRecord;
}

/** The records that set a field, or the status, of a member. */
export interface FieldHistory {
  /** The last record that changed it; null when no stored run has one. */
  readonly changed: FoundRecord | null;
  /** A later record that would change it and was not applied. */
  readonly refused: FoundRecord | null;
}

const runsAtOnce = 200;

/** Finds the last record that changed `field`, by the ids that records get from run and person. */
export async function findHistory(
  ports: HistoryPorts,
  member: Member,
  field: string,
): Promise<FieldHistory> {
  let refused: FoundRecord | null = null;
  for await (const each of recordsOfMember(ports, member)) {
    if (!each.record.changes.some((change) => change.field === field)) continue;
    const { status } = each.record;
    if (status === 'applied' || status === 'undone') return { changed: each, refused };
    refused ??= each;
  }
  return { changed: null, refused };
}

/** All records about a member, newest first; with `before`, only of runs older than that one. */
export function recordsOfMember(
  ports: HistoryPorts,
  { storeId, externalId, id }: Pick<Member, 'storeId' | 'externalId' | 'id'>,
  before?: string,
): AsyncGenerator<FoundRecord> {
  // An adopted member, or one of no store, has records under its own id, in runs of no store.
  const isNative =
    storeId !== null && externalId !== null && id === memberIdOf(storeId, externalId);
  const persons = isNative ? [externalId] : [externalId, id].filter((person) => person !== null);
  return recordsAbout(ports, { storeId: isNative ? storeId : undefined, persons, before });
}

/** The latest record about a user of the source who is no member; null when there is none. */
export async function findLatest(
  ports: HistoryPorts,
  { storeId, externalId }: { readonly storeId: string; readonly externalId: string },
): Promise<FoundRecord | null> {
  for await (const found of recordsAbout(ports, { storeId, persons: [externalId] })) return found;
  return null;
}

/** The records about ids, newest first. Leaves out previews, which are never applied. */
async function* recordsAbout(
  { runs, records }: HistoryPorts,
  whose: {
    readonly storeId: string | undefined;
    readonly persons: readonly string[];
    readonly before?: string | undefined;
  },
): AsyncGenerator<FoundRecord> {
  const { storeId, persons, before } = whose;
  const all = await runs.list(defined({ storeId, before }));
  const kept = all.filter(({ mode }) => mode !== 'plan');
  for (let at = 0; at < kept.length; at += runsAtOnce) {
    const batch = kept.slice(at, at + runsAtOnce);
    const ids = batch.flatMap((run) => persons.map((person) => recordId(run.id, person)));
    const byRun = new Map((await records.byIds(ids)).map((record) => [record.runId, record]));
    for (const run of batch) {
      const record = byRun.get(run.id);
      if (record !== undefined) yield { run, record };
    }
  }
}

const mostRuns = 200;
const mostRecords = 20_000;

/**
 * The latest record by which a person lost this address or was deleted, when no id is known. Searches the latest
 * runs, up to a bound.
 */
export async function findByAddress(
  { runs, records }: HistoryPorts,
  { storeId, email }: { readonly storeId: string; readonly email: string },
): Promise<FoundRecord | null> {
  const wanted = emailKeyOf(email);
  const latest = await runs.list({ storeId, limit: mostRuns });
  let looked = 0;
  for (const run of latest.filter(mayTakeAddresses)) {
    for await (const record of recordsOf(records, run.id)) {
      if (losesAddress(record, wanted)) return { run, record };
      looked += 1;
      if (looked === mostRecords) return null;
    }
  }
  return null;
}

/** The conflicts over this address that the latest full run of a store reported. */
export async function findConflicts(
  { runs, records }: HistoryPorts,
  { storeId, email }: { readonly storeId: string; readonly email: string },
): Promise<readonly FoundRecord[]> {
  const latest = await runs.list({ storeId, limit: mostRuns });
  const run = latest.find(
    ({ mode, finishedAt, certificate }) =>
      mode === 'full' && finishedAt !== null && certificate !== null,
  );
  if (run === undefined || run.counts.conflict === 0) return [];
  const wanted = emailKeyOf(email);
  const found: FoundRecord[] = [];
  for await (const record of recordsOf(records, run.id)) {
    const isWanted = record.email !== null && emailKeyOf(record.email) === wanted;
    if (record.action === 'conflict' && isWanted) found.push({ run, record });
  }
  return found;
}

function mayTakeAddresses({ mode, counts }: Run): boolean {
  const { update, adopt, deactivate, reactivate } = counts;
  return mode !== 'plan' && counts.delete + update + adopt + deactivate + reactivate > 0;
}

function losesAddress({ changes, status }: SyncRecord, wanted: string): boolean {
  if (status !== 'applied') return false;
  return changes.some(
    ({ field, from }) => field === 'email' && from !== null && emailKeyOf(from) === wanted,
  );
}
