import type { Run } from '../../api/client.ts';
import { isOver } from '../../api/queries/runs.ts';
import { changedBy } from '../../words.ts';

/** Runs in a row that changed nothing, or one other run. */
interface Fold {
  readonly id: string;
  readonly runs: readonly Run[];
}

const isQuiet = (run: Run): boolean =>
  isOver(run) &&
  ['succeeded', 'planned'].includes(run.status) &&
  changedBy(run) === 0 &&
  run.warnings.length === 0;

/** Puts runs in a row that ended well and changed nothing together. */
export function foldQuiet(runs: readonly Run[]): readonly Fold[] {
  const folds: { id: string; runs: Run[] }[] = [];
  for (const run of runs) {
    const last = folds.at(-1);
    const before = last?.runs.at(-1);
    if (last !== undefined && before !== undefined && isQuiet(run) && isQuiet(before)) {
      last.runs.push(run);
    } else folds.push({ id: run.id, runs: [run] });
  }
  return folds;
}
