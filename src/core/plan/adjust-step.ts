import type { Member } from '../model/member.ts';
import type { StatusSync } from '../model/store-config.ts';
import { causeOf, decide, type SourceStatus, type Step } from './decision-table.ts';
import { removalRisk } from './risks.ts';

/** The risks that records of earlier runs block: those records are held, or a person rejected them. */
export type BlockedRisks = ReadonlySet<string>;

/** The step for a member by the table, as far as a person's decisions and blocked removals allow it. */
export function stepFor(
  member: Member,
  source: SourceStatus,
  { statusSync, barred }: { readonly statusSync: StatusSync; readonly barred: BlockedRisks },
): Step {
  const wanted = decide(source, member.status, statusSync);
  return keepWhereBlocked(respectManualStatus(wanted, member, source), source, barred);
}

/**
 * Keeps a status that a person set: a sync neither reactivates a member that a person deactivated, nor removes one
 * that a person activated.
 */
function respectManualStatus(step: Step, member: Member, source: SourceStatus): Step {
  if (member.statusBy !== 'person') return step;
  const unchanged: Step = source === 'out-of-scope' || source === 'gone' ? 'keep' : 'update';
  const overruled: readonly Step[] =
    member.status === 'inactive' ? ['reactivate'] : ['deactivate', 'delete'];
  return overruled.includes(step) ? unchanged : step;
}

/** Leaves a removal out of the plan while it is blocked; the other changes go on. */
function keepWhereBlocked(step: Step, source: SourceStatus, barred: BlockedRisks): Step {
  const removes = step === 'deactivate' || step === 'delete';
  if (!removes || !barred.has(`${removalRisk}${causeOf(source)}`)) return step;
  return source === 'out-of-scope' || source === 'gone' ? 'keep' : 'update';
}
