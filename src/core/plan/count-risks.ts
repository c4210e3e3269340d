import type { SyncRecord } from '../model/record.ts';
import type { RiskCounts } from './brakes.ts';
import { blankRisk, emailRisk, removalRisk } from './risks.ts';

/** The risks of records that are planned, or of any others. */
export function countRisks(records: readonly Pick<SyncRecord, 'risks' | 'changes'>[]): RiskCounts {
  const counts = { removals: 0, activeRemovals: 0, emailChanges: 0 };
  const blanks: Record<string, number> = {};
  for (const { risks, changes } of records) {
    if (risks.some((risk) => risk.startsWith(removalRisk))) {
      counts.removals += 1;
      if (changes.some(({ field, from }) => field === 'status' && from === 'active')) {
        counts.activeRemovals += 1;
      }
    }
    if (risks.some((risk) => risk.startsWith(emailRisk))) counts.emailChanges += 1;
    for (const risk of risks.filter((each) => each.startsWith(blankRisk))) {
      const field = risk.slice(blankRisk.length);
      blanks[field] = (blanks[field] ?? 0) + 1;
    }
  }
  return { ...counts, blanks };
}

/** Whether a brake's risk (`Brake.risk`) is one of a record's. */
export function hasRisk({ risks }: Pick<SyncRecord, 'risks'>, risk: string): boolean {
  return risks.some((each) => (risk.endsWith(':') ? each.startsWith(risk) : each === risk));
}
