import { type Guard, noCounts, type Run } from '../../../core/model/run.ts';
import type { DirectoryStore } from '../../../core/model/store.ts';
import { undoConflictOf } from '../../../core/plan/claims.ts';
import { planUndo } from '../../../core/plan/plan-undo.ts';
import { planUndoGroups } from '../groups/plan-undo-groups.ts';
import type { HeldLease } from '../lease.ts';
import { applyBrakes } from '../planning/apply-brakes.ts';
import { ownMovesOnly, resolveEmailClaims } from '../planning/email-claims.ts';
import { countPlan } from '../records/count-outcomes.ts';
import { membersOf, recordPagesOf } from '../records/read-records.ts';
import { saveRecords } from '../run-context.ts';
import type { Plan, SyncPorts } from '../run-ports.ts';

interface UndoPlanning {
  readonly run: Run;
  readonly undoOf: string;
  /** Null for an edit by hand of a member without a store. */
  readonly store: DirectoryStore | null;
  readonly lease: Pick<HeldLease, 'signal'>;
}

/** Plans the inverse of what another run applied, with the same brakes. Sends no request to the source. */
export async function planUndoOf(ports: SyncPorts, planning: UndoPlanning): Promise<Plan> {
  const { run, undoOf, store, lease } = planning;
  const warnings: string[] = [];
  const guards: Guard[] = [];
  let seq = 0;
  const takeSeq = (): number => {
    seq += 1;
    return seq;
  };
  const groups = await planUndoGroups(ports, { run, undoOf, store, takeSeq, warnings });
  for await (const records of recordPagesOf(ports.records, undoOf, { statuses: ['applied'] })) {
    lease.signal.throwIfAborted();
    const memberOf = await membersOf(ports, records);
    const drafts = records.map((record) =>
      planUndo(run, record, memberOf.get(record.memberId ?? '') ?? null),
    );
    await saveRecords({ records: ports.records, takeSeq }, drafts);
  }
  const claims = {
    ...ownMovesOnly(ports, run.id),
    refuseClaim: undoConflictOf,
  };
  await resolveEmailClaims(claims);
  if (store !== null) {
    const activeBefore = async () => (await ports.members.counts(store.id)).active;
    const brakes = await applyBrakes({ ...ports, run, store, activeBefore });
    if (brakes.length > 0) await resolveEmailClaims(claims);
    warnings.push(...brakes.map(({ reason }) => reason));
    guards.push(...brakes.map(({ guard }) => guard));
  }
  return {
    configRevision: run.configRevision,
    certificate: null,
    undecided: null,
    counts: { ...noCounts, ...(await countPlan(ports, run.id)) },
    groups,
    warnings,
    guards,
  };
}
