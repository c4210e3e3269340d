import { type Brake, guard, type RiskCounts } from '../../../core/plan/guard.ts';
import { countWindow, type Guarding, isSync } from './brake-window.ts';

/**
 * Holds what a plan has too much of, for a person to decide; the rest goes on. Answers which brakes did. What a
 * preview or an undo holds doesn't stand in the way of later runs.
 */
export async function guardRun(guarding: Guarding): Promise<readonly Brake[]> {
  const { run, store, records } = guarding;
  const { safeguards } = store.config;
  const planned = await records.countRisks(run.id);
  if (isNothing(planned)) return [];
  const active = await guarding.activeBefore();
  const window = { ...guarding, storeId: store.id, safeguards, besides: run.id };
  const earlier = await countWindow(window);
  const brakes = guard({ planned, earlier, active, safeguards });
  const blocksInStore = isSync(run.mode) ? store.id : null;
  for (const { risk } of brakes) await records.hold({ runId: run.id, risk, blocksInStore });
  return brakes;
}

function isNothing({ removals, emailChanges, blanks }: RiskCounts): boolean {
  return removals + emailChanges === 0 && Object.keys(blanks).length === 0;
}
