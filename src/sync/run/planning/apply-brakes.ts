import { type Brake, brakesOf, type RiskCounts } from '../../../core/plan/brakes.ts';
import { type BrakeContext, countWindow, isSync } from './brake-window.ts';

/**
 * Holds all planned records with a risk that the plan has too many of, and returns the brakes. Records that a preview
 * or an undo holds do not block later runs.
 */
export async function applyBrakes(
  guarding: BrakeContext,
  isScopeEmpty = false,
): Promise<readonly Brake[]> {
  const { run, store, records } = guarding;
  const { safeguards } = store.config;
  const planned = await records.countRisks(run.id);
  if (isNothing(planned)) return [];
  const active = await guarding.activeBefore();
  const window = { ...guarding, storeId: store.id, safeguards, besides: run.id };
  const earlier = await countWindow(window);
  const brakes = brakesOf({ planned, earlier, active, safeguards, isScopeEmpty });
  const blocksInStore = isSync(run.mode) ? store.id : null;
  for (const { risk } of brakes) await records.hold({ runId: run.id, risk, blocksInStore });
  return brakes;
}

function isNothing({ removals, emailChanges, blanks }: RiskCounts): boolean {
  return removals + emailChanges === 0 && Object.keys(blanks).length === 0;
}
