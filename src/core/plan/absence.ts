import { parseSpanMs } from '../duration.ts';
import type { Absence } from '../model/member.ts';
import type { AbsenceRule } from '../model/store-config.ts';

/** Adds one confirmation of a member's absence. A run adds only one, however often it is resumed. */
export function confirmedAgain(
  before: Absence | null,
  run: { readonly id: string; readonly now: Date },
): Absence {
  if (before === null) return { since: run.now, confirmations: 1, runId: run.id };
  if (before.runId === run.id) return before;
  return { ...before, confirmations: before.confirmations + 1, runId: run.id };
}

/** Whether the first confirmation is enough. */
export function isImmediate({ confirmations, over }: AbsenceRule): boolean {
  return confirmations === 1 && parseSpanMs(over) === 0;
}

/** Whether an absence has been confirmed often enough, for long enough, to act on it. */
export function isConfirmedLongEnough(absence: Absence, rule: AbsenceRule, now: Date): boolean {
  const lastedMs = now.getTime() - absence.since.getTime();
  return absence.confirmations >= rule.confirmations && lastedMs >= parseSpanMs(rule.over);
}
