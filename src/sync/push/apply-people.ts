import type { SyncRecord } from '../../core/model/record.ts';
import { brakesOf } from '../../core/plan/brakes.ts';
import { conflictOf } from '../../core/plan/claims.ts';
import { countRisks, hasRisk } from '../../core/plan/count-risks.ts';
import { closeBlockingRecord } from '../../core/plan/open-decisions.ts';
import { openNotes } from '../../notify/mail/note-written.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { Ports } from '../../ports/index.ts';
import type { RunStore } from '../../ports/runs.ts';
import { applyRun, type RecordFailure } from '../run/apply-run.ts';
import { countWindow } from '../run/planning/brake-window.ts';
import { type ClaimsContext, resolveEmailClaims } from '../run/planning/email-claims.ts';
import { resolveRuns } from '../run/records/resolve-runs.ts';
import { BatchRecords } from './batch-records.ts';
import { hadTwoOrMoreActive } from './had-two-active.ts';
import { type PeoplePlan, pendingRunId, type ReadyStore } from './plan-people.ts';

export interface ApplyPeoplePorts extends Pick<Ports, 'members' | 'records' | 'notices' | 'clock'> {
  readonly stores: Pick<DirectoryStores, 'get'>;
  readonly runs: Pick<RunStore, 'list' | 'get' | 'amend'>;
}

/**
 * Resolves the email claims of a batch, and holds what the brakes hold, as a run does. Returns the records to write,
 * without a run and a place in it yet.
 */
export async function resolveBatch(
  ports: ApplyPeoplePorts,
  { store }: ReadyStore,
  plan: PeoplePlan,
): Promise<readonly SyncRecord[]> {
  const drafts = plan.people.flatMap(({ verdict }) => verdict.draft ?? []);
  let seq = drafts.length;
  const batch = new BatchRecords(drafts.map((draft, at) => ({ ...draft, seq: at + 1 })));
  const claims: ClaimsContext = {
    runId: pendingRunId,
    refuseClaim: conflictOf,
    storeId: store.id,
    members: plan.owners,
    records: batch,
    takeSeq: () => {
      seq += 1;
      return seq;
    },
    // A user is marked as gone when the source says that it removed the user.
    isGone: async () => false,
  };
  await resolveEmailClaims(claims);
  if (await holdRisky(ports, { store, batch })) await resolveEmailClaims(claims);
  return batch.all;
}

/** The brakes count the batch together with the window. */
async function holdRisky(
  ports: ApplyPeoplePorts,
  { store, batch }: Pick<ReadyStore, 'store'> & { readonly batch: BatchRecords },
): Promise<boolean> {
  const risky = batch.all.filter(({ status, risks }) => status === 'planned' && risks.length > 0);
  if (risky.length === 0) return false;
  const { safeguards } = store.config;
  const window = { ...ports, storeId: store.id, safeguards, besides: null };
  const planned = countRisks(risky);
  const [earlier, { active }] = await Promise.all([
    countWindow(window),
    ports.members.counts(store.id),
  ]);
  const removesLastActive = planned.activeRemovals > 0 && planned.activeRemovals >= active;
  const brakes = brakesOf({
    planned,
    earlier,
    active,
    safeguards,
    ...(removesLastActive && { hadTwoOrMoreActive: await hadTwoOrMoreActive(window, active) }),
  });
  const held = risky.flatMap((record): SyncRecord[] => {
    const brake = brakes.find(({ risk }) => hasRisk(record, risk));
    if (brake === undefined) return [];
    const reason = `${record.reason}; ${brake.reason}`;
    const { kind } = brake.guard;
    return [{ ...record, status: 'held', heldKind: kind, blocksInStore: store.id, reason }];
  });
  await batch.replaceMany(held);
  return held.length > 0;
}

/** Whether another writer caused the failure, so that a new plan can succeed. */
const isRace: Readonly<Record<RecordFailure['code'], boolean>> = {
  changed: true,
  exists: true,
  gone: true,
  'address-taken': true,
  'source-id-taken': true,
  'address-or-source-id-taken': true,
  refused: false,
  unproven: false,
};

export interface AppliedBatch {
  readonly records: readonly SyncRecord[];
  /** Source ids of people whose member another writer changed meanwhile: they are planned again. */
  readonly again: readonly string[];
}

/**
 * Stores the records and applies the planned ones, as every run does. With `mayRepeat`, a record whose member was
 * changed meanwhile is dropped, and the person is returned in `again`. `onWritten` gets the source ids of people whose
 * members were written, while their records are marked.
 */
export async function applyBatch(
  ports: ApplyPeoplePorts,
  batch: {
    readonly runId: string;
    readonly storeId: string;
    readonly records: readonly SyncRecord[];
    readonly mayRepeat: boolean;
    readonly onWritten: (externalIds: readonly string[]) => Promise<void>;
  },
): Promise<AppliedBatch> {
  const { runId, storeId, records } = batch;
  const { records: store, members, clock } = ports;
  await store.insertMany(records);
  const inMemory = new BatchRecords(records);
  const again: SyncRecord[] = [];
  const patch = async (ids: readonly string[], change: Partial<SyncRecord>): Promise<void> => {
    const found = await inMemory.byIds(ids);
    await inMemory.replaceMany(found.map((record) => ({ ...record, ...change })));
  };
  await applyRun({
    runId,
    storeId,
    undoes: [],
    members,
    clock,
    records: {
      page: (filter) => inMemory.page(filter),
      claimsPage: (filter) => inMemory.claimsPage(filter),
      markUndone: (ids, undone) => store.markUndone(ids, undone),
      async markApplied(ids) {
        const written = await inMemory.byIds(ids);
        await Promise.all([
          store.markApplied(ids),
          batch.onWritten(written.flatMap(({ externalId }) => externalId ?? [])),
        ]);
        await patch(ids, { status: 'applied', blocksInStore: null });
      },
      async fail(failures) {
        const failed = failures.filter(({ code }) => !batch.mayRepeat || !isRace[code]);
        const raced = failures.filter((failure) => !failed.includes(failure));
        if (failed.length > 0) await store.fail(failed);
        for (const { id, error } of failed) {
          await patch([id], { status: 'failed', error, blocksInStore: null });
        }
        again.push(...(await inMemory.byIds(raced.map(({ id }) => id))));
        // Without this change in memory, it would count as planned.
        await patch(
          raced.map(({ id }) => id),
          { status: 'rejected' },
        );
        if (raced.length > 0) await store.removeMany(raced.map(({ id }) => id));
      },
    },
    signal: null,
    note: openNotes(ports, { id: runId, storeId, mode: 'delta', trigger: 'push', notify: null }),
    report: () => undefined,
  });
  const dropped = new Set(again.map(({ id }) => id));
  return {
    records: inMemory.all.filter(({ id }) => !dropped.has(id)),
    again: again.flatMap(({ externalId }) => externalId ?? []),
  };
}

/** Closes blocking records that the source no longer asks for, and marks members as gone. */
export async function closeBlocking(ports: ApplyPeoplePorts, plan: PeoplePlan): Promise<void> {
  if (plan.gone.length > 0) await ports.members.markGone(plan.gone);
  if (plan.closing.length === 0) return;
  await ports.records.replaceMany(
    plan.closing.map((record) => closeBlockingRecord(record, ports.clock.now())),
  );
  await resolveRuns(ports, [...new Set(plan.closing.map(({ runId }) => runId))]);
}
