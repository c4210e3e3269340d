import { RunFailure } from '../../../core/errors.ts';
import type { SyncRecord } from '../../../core/model/record.ts';
import { type Decision, type Run, statusesOf } from '../../../core/model/run.ts';
import type { DirectoryStore } from '../../../core/model/store.ts';
import { reservedFor } from '../../../core/plan/claims.ts';
import type { Draft } from '../../../core/plan/draft.ts';
import { noLongerTrue } from '../../../core/plan/open-decisions.ts';
import { planUndo, undoneRecordId } from '../../../core/plan/plan-undo.ts';
import type { SourceDirectory } from '../../../ports/directory.ts';
import { askAgain } from '../groups/ask-again.ts';
import { confirmGroups } from '../groups/confirm-groups.ts';
import { replanUndo } from '../groups/plan-undo-groups.ts';
import { openSource } from '../open-context.ts';
import { ownMovesOnly, resolveEmailClaims } from '../planning/email-claims.ts';
import { belongsToAnother, type PlannedById, planByIds } from '../planning/plan-by-id.ts';
import { membersOf, recordPagesOf } from '../records/read-records.ts';
import { rejectAgain } from '../records/reject-again.ts';
import type { RunContext } from '../run-context.ts';
import type { Planning, SyncPorts } from '../run-ports.ts';

const mostControls = 5;

interface Deciding extends Omit<Planning, 'store'> {
  readonly decision: Decision;
  /** Null for an edit by hand of a member without a store. */
  readonly store: DirectoryStore | null;
}

/**
 * Prepares the records of a decision: those to apply are `planned` afterwards. A rejection needs nothing else. An
 * approval asks the source again for each user by id: a record that is no longer true is rejected, and one whose user
 * can't be asked for stays held. Returns how many could not be confirmed.
 */
export async function prepareDecision(ports: SyncPorts, deciding: Deciding): Promise<number> {
  const { run, decision } = deciding;
  const { people, by, at } = decision;
  const among = { runId: run.id, people, choice: decision.filter ?? null, by, at };
  await expectAsMany(ports, deciding);
  if (decision.verdict === 'reject') {
    await ports.records.decide({ ...among, from: ['held'], to: 'rejected' });
    return 0;
  }
  const from = statusesOf(decision);
  await ports.records.decide({ ...among, from, to: 'planned' });
  const context = run.undoOf === null ? await openStore(ports, deciding) : null;
  const confirm =
    context === null
      ? (records: readonly SyncRecord[]) => byMembers(ports, run, records)
      : bySource(context);
  let unconfirmed = await confirmPages(ports, deciding, confirm);
  if (run.groups !== null) {
    unconfirmed += await confirmGroups(
      ports,
      context === null
        ? replanUndo(ports, { ...deciding, undoOf: run.undoOf ?? '' })
        : askAgain({ ...ports, ...context }),
      deciding,
    );
  }
  warnOfUnconfirmed(deciding.warnings, unconfirmed);
  await rejectAgain(ports.records, run);
  return unconfirmed;
}

/**
 * Ends a decision of which the person saw another number of records. Records that an interrupted attempt decided have
 * the time of the decision, and count.
 */
async function expectAsMany(ports: SyncPorts, { run, decision }: Deciding): Promise<void> {
  const { people, at, filter = null, expected } = decision;
  if (expected === undefined) return;
  const decided = Object.values(await ports.records.countByStatus(run.id, { decidedAt: at }));
  const open = { runId: run.id, statuses: statusesOf(decision), people, choice: filter };
  const count = (await ports.records.count(open)) + decided.reduce((sum, some) => sum + some, 0);
  if (count === expected) return;
  throw new RunFailure(
    'count-changed',
    `it was decided on ${expected} records, and there are ${count}`,
  );
}

/** The result of confirming an approved record: a new plan, no longer true (`unknown` null), or why it is unknown. */
type Confirmation =
  | { readonly record: SyncRecord; readonly draft: Draft }
  | { readonly record: SyncRecord; readonly draft: null; readonly unknown: string | null };
type Confirm = (records: readonly SyncRecord[]) => Promise<readonly Confirmation[]>;

async function confirmPages(
  ports: SyncPorts,
  { run, lease }: Deciding,
  confirm: Confirm,
): Promise<number> {
  let unconfirmed = 0;
  const approved = { statuses: ['planned'], only: 'unconfirmed' } as const;
  for await (const page of recordPagesOf(ports.records, run.id, approved)) {
    lease.signal.throwIfAborted();
    const confirmations = await confirm(page);
    await ports.records.replaceMany(confirmations.map(confirmed));
    unconfirmed += confirmations.filter(
      (each) => each.draft === null && each.unknown !== null,
    ).length;
  }
  await resolveEmailClaims({
    ...ownMovesOnly(ports, run.id),
    storeId: run.undoOf === null ? run.storeId : null,
    refuseClaim: (claimant, owner) => {
      const record = reservedFor(claimant, owner);
      if (record.status === 'held') unconfirmed += 1;
      return record;
    },
  });
  return unconfirmed;
}

function warnOfUnconfirmed(warnings: string[], unconfirmed: number): void {
  if (unconfirmed === 0) return;
  const subject = unconfirmed === 1 ? '1 record' : `${unconfirmed} records`;
  warnings.push(
    `${subject} could not be done when they were approved, and stay as they were; each says why`,
  );
}

/** The approved record after its confirmation: to be applied, rejected as no longer true, or still held. */
function confirmed(confirmation: Confirmation): SyncRecord {
  const { record, draft } = confirmation;
  if (draft !== null) {
    const { seq, decidedBy, decidedAt, blocksInStore, heldKind } = record;
    return { ...draft, seq, decidedBy, decidedAt, blocksInStore, heldKind, confirmed: true };
  }
  if (confirmation.unknown === null) {
    return { ...record, status: 'rejected', reason: noLongerTrue, blocksInStore: null };
  }
  return {
    ...record,
    status: 'held',
    decidedBy: null,
    decidedAt: null,
    error: confirmation.unknown,
  };
}

async function openStore(ports: SyncPorts, deciding: Deciding): Promise<RunContext> {
  const { store } = deciding;
  if (store === null) throw new RunFailure('store-removed', 'the store was removed');
  return openSource(ports, { ...deciding, store });
}

/** Asks the source for each user by id, between controls that it lists now, and plans the approved records again. */
function bySource(context: RunContext): Confirm {
  let controls: readonly string[] | null = null;
  return async (records) => {
    const confirmations: Confirmation[] = [];
    controls ??= await someListed(context.directory);
    const proof = { controls, incompleteReason: null };
    for await (const { record, member, answer, plan } of planByIds(context, records, proof)) {
      if (member === null || belongsToAnother(context, record, member)) {
        confirmations.push({ record, draft: null, unknown: null });
        continue;
      }
      if (answer.is === 'unknown') {
        confirmations.push({ record, draft: null, unknown: answer.reason });
        continue;
      }
      confirmations.push({ record, ...approvedPart(record, plan) });
    }
    return confirmations;
  };
}

/**
 * Leaves out of the new plan every risk that the approved record did not show. When no approved risk is left, there
 * is nothing to do.
 */
function approvedPart(
  record: SyncRecord,
  plan: PlannedById['plan'],
): { readonly draft: Draft } | { readonly draft: null; readonly unknown: string | null } {
  const { draft, category } = plan();
  if (category === 'problem') return { draft: null, unknown: draft?.reason ?? 'it is a problem' };
  const approved = new Set(record.risks);
  const barred = new Set(draft?.risks.filter((risk) => !approved.has(risk)));
  const allowed = barred.size === 0 ? draft : plan(barred).draft;
  const isTrue = allowed?.risks.some((risk) => approved.has(risk)) ?? false;
  return isTrue && allowed !== null && wasShown(record, allowed)
    ? { draft: allowed }
    : { draft: null, unknown: null };
}

/** Whether the new plan does what the approver saw: a delete or an adoption must have been shown as such. */
function wasShown(record: SyncRecord, draft: Draft): boolean {
  return draft.action === record.action || (draft.action !== 'delete' && draft.action !== 'adopt');
}

/** Ids of users that are listed now. They are the controls: a 404 counts only between two of them that answer. */
async function someListed(directory: Pick<SourceDirectory, 'walkUsers'>): Promise<string[]> {
  const pages = directory.walkUsers();
  const controls: string[] = [];
  for await (const { users } of pages) {
    controls.push(...users.map(({ externalId }) => externalId));
    if (controls.length >= mostControls) break;
  }
  return controls.slice(0, mostControls);
}

/** Plans the approved records of an undo again, on the members as they are now. */
async function byMembers(
  ports: SyncPorts,
  run: Run,
  records: readonly SyncRecord[],
): Promise<readonly Confirmation[]> {
  const undoOf = run.undoOf ?? '';
  const memberOf = await membersOf(ports, records);
  const originals = await ports.records.byIds(
    records.map((record) => undoneRecordId(undoOf, record)),
  );
  const originalOf = new Map(originals.map((original) => [original.id, original]));
  return records.map((record) => {
    const original = originalOf.get(undoneRecordId(undoOf, record));
    const isOpen = original !== undefined && original.status === 'applied';
    const draft = isOpen
      ? planUndo(run, original, memberOf.get(record.memberId ?? '') ?? null)
      : null;
    return draft === null || draft.status !== 'planned'
      ? { record, draft: null, unknown: null }
      : { record, draft };
  });
}
