import { emailKeyOf } from '../email.ts';
import { isChangeMark, type RiskKind, riskKinds, type SyncRecord } from '../model/record.ts';

/*
 * What safeguards count in a record, in words that are the same for the same change from run to
 * run: `removal:CAUSE`, `email:NEW ADDRESS KEY`, `blank:FIELD`.
 */

export const removalRisk = 'removal:';
export const emailRisk = 'email:';
export const blankRisk = 'blank:';

/** The kind of a record's risks, the most serious one; null without any. */
export function riskKindOf({ risks }: Pick<SyncRecord, 'risks'>): RiskKind | null {
  return riskKinds.findLast((kind) => risks.some((risk) => risk.startsWith(`${kind}:`))) ?? null;
}

/** The risks of a record: changes that do harm when they are wrong for many members at once. A create has none. */
export function risksOf({
  action,
  changes,
  cause,
}: Pick<SyncRecord, 'action' | 'changes' | 'cause'>): readonly string[] {
  if (action === 'create') return [];
  if (action === 'delete' || changes.some(isDeactivation)) {
    return [`${removalRisk}${cause ?? 'undo'}`, ...riskyFields(action, changes)];
  }
  return riskyFields(action, changes);
}

function riskyFields(
  action: SyncRecord['action'],
  changes: SyncRecord['changes'],
): readonly string[] {
  if (action === 'delete') return [];
  return changes.flatMap(({ field, from, to }) => {
    if (from === null || isChangeMark(field)) return [];
    if (to === null) return [`${blankRisk}${field}`];
    const moves = field === 'email' && emailKeyOf(from) !== emailKeyOf(to);
    return moves ? [`${emailRisk}${emailKeyOf(to)}`] : [];
  });
}

function isDeactivation({ field, from, to }: SyncRecord['changes'][number]): boolean {
  return field === 'status' && from === 'active' && to === 'inactive';
}

/** The record with its risks computed again, after its changes were set. */
export function withRisks<Part extends Pick<SyncRecord, 'action' | 'changes' | 'cause' | 'risks'>>(
  record: Part,
): Part {
  return { ...record, risks: risksOf(record) };
}
