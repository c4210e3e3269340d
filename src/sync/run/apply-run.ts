import type { Member } from '../../core/model/member.ts';
import type { SyncRecord } from '../../core/model/record.ts';
import { memberFrom, patchOf } from '../../core/plan/apply-record.ts';
import type { NoteWritten } from '../../notify/mail/note-written.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MemberStore, MemberUpdate, WriteFailure, WriteOutcome } from '../../ports/members.ts';
import type { RecordStore } from '../../ports/records.ts';
import { markTakenBack } from './records/mark-undone.ts';
import { recordPagesOf } from './records/read-records.ts';

/** Why a record is not applied. `unproven`: a removal without a confirmation, for which no write is tried. */
export interface RecordFailure extends Pick<WriteFailure, 'error'> {
  readonly id: string;
  readonly code: WriteFailure['code'] | 'unproven';
}

export interface Applying {
  readonly runId: string;
  /** The run that this run undoes, the run which that one undid, and so on. */
  readonly undoes: readonly string[];
  /** The store new members belong to; null for a member added by hand. */
  readonly storeId: string | null;
  readonly members: Pick<
    MemberStore,
    'byIds' | 'insertMany' | 'updateMany' | 'deleteMany' | 'releaseEmailKeys'
  >;
  readonly records: Pick<RecordStore, 'page' | 'claimsPage' | 'markApplied' | 'markUndone'> & {
    fail(failures: readonly RecordFailure[]): Promise<void>;
  };
  readonly clock: Clock;
  /** Aborts when the run must stop; null for an edit or a push, which is applied whole. */
  readonly signal: AbortSignal | null;
  readonly report: (done: number) => void;
  /** Called with records whose members were written, before they are marked; after a crash again. */
  readonly note: NoteWritten;
}

/**
 * Applies the records that are still `planned`, in batches, and marks each as applied or failed. Only this function
 * writes members. Every write is a compare-and-set, so a repeat after a crash, or beside a late writer, changes
 * nothing twice. Addresses that move are released first, so that swaps succeed.
 */
export async function applyRun(applying: Applying): Promise<void> {
  await releaseAddresses(applying);
  let done = 0;
  const planned = { statuses: ['planned'] as const };
  for await (const records of recordPagesOf(applying.records, applying.runId, planned)) {
    applying.signal?.throwIfAborted();
    await applyBatch(applying, await refuseUnproven(applying, records));
    done += records.length;
    applying.report(done);
  }
}

/** The last check before a write: fails every removal that was not confirmed by id. */
async function refuseUnproven(
  { records: store }: Applying,
  records: readonly SyncRecord[],
): Promise<readonly SyncRecord[]> {
  const isUnproven = ({ cause, confirmed, blocksInStore }: SyncRecord) =>
    (cause !== null || blocksInStore !== null) && !confirmed;
  const unproven = records.filter(isUnproven);
  if (unproven.length === 0) return records;
  const error = 'it was not confirmed by id; the next run plans it again';
  await store.fail(unproven.map(({ id }) => ({ id, code: 'unproven', error })));
  return records.filter((record) => !isUnproven(record));
}

/**
 * Releases addresses that another member of this plan claims: otherwise two members that swap addresses would wait
 * for each other. Only a member whose own record changes its address releases it.
 */
async function releaseAddresses({ runId, records, members, signal }: Applying): Promise<void> {
  const moves = { statuses: ['planned'], only: 'moves' } as const;
  for await (const plans of recordPagesOf(records, runId, moves)) {
    signal?.throwIfAborted();
    const planOf = new Map(plans.map((plan) => [plan.memberId ?? '', plan]));
    const owners = await members.byIds([...planOf.keys()]);
    const wanted = await wantedBy({ runId, records }, owners);
    const releases = owners.flatMap(({ id, emailKey }) => {
      const claimant = wanted.get(emailKey ?? '');
      const fromRevision = planOf.get(id)?.fromRevision ?? null;
      const isTaken = claimant !== undefined && claimant !== id && fromRevision !== null;
      return isTaken ? [{ id, fromRevision }] : [];
    });
    if (releases.length > 0) await members.releaseEmailKeys(releases);
  }
}

/** The member that claims each address of these members, by address. Claims are resolved: at most one each. */
async function wantedBy(
  { runId, records }: Pick<Applying, 'runId' | 'records'>,
  owners: readonly Member[],
): Promise<ReadonlyMap<string, string | null>> {
  const claims = owners.flatMap(({ emailKey }) => emailKey ?? []);
  if (claims.length === 0) return new Map();
  const claimants = await records.claimsPage({ runId, claims, limit: claims.length });
  return new Map(claimants.map(({ claim, memberId }) => [claim ?? '', memberId]));
}

async function applyBatch(applying: Applying, records: readonly SyncRecord[]): Promise<void> {
  const { members, storeId, clock } = applying;
  const creates = records.filter(({ action }) => action === 'create');
  const deletes = records.filter(({ action }) => action === 'delete');
  const updates = records.filter(({ action }) => action !== 'create' && action !== 'delete');
  // Deletes come first: a user that returns under a new id may claim the address of the deleted member.
  await writeAndMark(applying, deletes, () =>
    members.deleteMany(deletes.map((record) => writeOf(record, storeId))),
  );
  await writeAndMark(applying, updates, () =>
    members.updateMany(
      updates.map((record) => ({ ...writeOf(record, storeId), set: patchOf(record) })),
    ),
  );
  await writeAndMark(applying, creates, () =>
    members.insertMany(creates.map((record) => memberFrom(record, { storeId, now: clock.now() }))),
  );
}

/**
 * Writes a batch and marks its records. Marks the original record `undone` before the undo record `applied`: a crash
 * in between repeats the undo, which is harmless.
 */
async function writeAndMark(
  { records: store, undoes, note }: Applying,
  records: readonly SyncRecord[],
  write: () => Promise<WriteOutcome>,
): Promise<void> {
  if (records.length === 0) return;
  const { applied, failed } = await write();
  const isApplied = new Set(applied);
  const done = records.filter(({ id }) => isApplied.has(id));
  await note(done);
  await markTakenBack(store, { undoes, done });
  if (applied.length > 0) await store.markApplied(applied);
  if (failed.length > 0) {
    await store.fail(failed.map(({ recordId: id, ...failure }) => ({ id, ...failure })));
  }
}

function writeOf(record: SyncRecord, storeId: string | null): Omit<MemberUpdate, 'set'> {
  if (record.memberId === null || record.fromRevision === null) {
    throw new Error(`record ${record.id} changes no member`);
  }
  const move = record.changes.find(({ field }) => field === 'store');
  return {
    id: record.memberId,
    fromRevision: record.fromRevision,
    fromStore: move?.from ?? storeId,
    recordId: record.id,
  };
}
