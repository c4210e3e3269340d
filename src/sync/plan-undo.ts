import type { Member } from '../core/model/member.ts';
import type { SyncRecord } from '../core/model/record.ts';
import { noCounts, type Run } from '../core/model/run.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import { undoConflictOf } from '../core/plan/claims.ts';
import { planUndo } from '../core/plan/plan-undo.ts';
import { guardRun } from './guard-run.ts';
import type { HeldLease } from './hold-lease.ts';
import { countPlan, type Plan } from './plan-run.ts';
import type { MemberStore } from './ports.ts';
import { keepDrafts } from './run-context.ts';
import { recordPagesOf } from './run-records.ts';
import type { SyncPorts } from './run-sync.ts';
import { type ClaimsContext, settleClaims } from './settle-claims.ts';

interface UndoPlanning {
  readonly run: Run;
  readonly undoOf: string;
  /** Null for what was done by hand to a member of no store. */
  readonly store: DirectoryStore | null;
  readonly lease: Pick<HeldLease, 'check'>;
}

/** Plans to take back what another run applied, guarded like any other plan. The source isn't asked. */
export async function planUndoOf(ports: SyncPorts, planning: UndoPlanning): Promise<Plan> {
  const { run, undoOf, store, lease } = planning;
  const warnings: string[] = [];
  let seq = 0;
  const takeSeq = (): number => {
    seq += 1;
    return seq;
  };
  const checkpoint = (): void => lease.check();
  for await (const records of recordPagesOf(ports.records, undoOf, ['applied'])) {
    const memberOf = await membersOf(ports, records);
    const drafts = records.map((record) =>
      planUndo(run, record, memberOf.get(record.memberId ?? '') ?? null),
    );
    await keepDrafts({ records: ports.records, takeSeq, checkpoint }, drafts);
  }
  const claims = {
    ...ownMovesOnly(ports, { runId: run.id, checkpoint }),
    turnAway: undoConflictOf,
  };
  await settleClaims(claims);
  if (store !== null) {
    const activeBefore = async () => (await ports.members.counts(store.id)).active;
    const brakes = await guardRun({ ...ports, run, store, activeBefore });
    if (brakes.length > 0) await settleClaims(claims);
    warnings.push(...brakes.map(({ reason }) => reason));
  }
  return {
    configRevision: run.configRevision,
    certificate: null,
    counts: { ...noCounts, ...(await countPlan(ports, run.id)) },
    warnings,
  };
}

/** How claims are settled where nobody is made to give an address up: only by a move of their own. */
export function ownMovesOnly(
  { members, records }: Pick<SyncPorts, 'members' | 'records'>,
  run: Pick<ClaimsContext, 'runId' | 'checkpoint'>,
): Omit<ClaimsContext, 'turnAway'> {
  return {
    ...run,
    members,
    records,
    storeId: null,
    isGone: async () => false,
    takeSeq: null,
  };
}

export async function membersOf(
  { members }: { readonly members: Pick<MemberStore, 'byIds'> },
  records: readonly SyncRecord[],
): Promise<ReadonlyMap<string, Member>> {
  const found = await members.byIds(records.map(({ memberId }) => memberId ?? ''));
  return new Map(found.map((member) => [member.id, member]));
}
