import type { OpenExpressions } from '../core/mapping/expression.ts';
import type { Expressions } from '../ports/expressions.ts';
import { Evaluation, Spending, type TimeBudget } from './evaluation.ts';
import { ProcessPool } from './process-pool.ts';

/** Enough for twenty users that take too long, and then for any reasonable expression. */
const runBudget: TimeBudget = { ms: 60_000, msPerUser: 25 };
const requestBudget: TimeBudget = { ms: 10_000, msPerUser: 0 };

export interface ClosableExpressions extends Expressions {
  /** Ends all processes. */
  close(): void;
}

/** Evaluates expressions in child processes. The first evaluation starts one. */
export function createExpressions(): ClosableExpressions {
  const pool = new ProcessPool();
  const opener = (budget: TimeBudget, signal?: AbortSignal): OpenExpressions => {
    const time = new Spending(budget);
    return (texts) => {
      const evaluation = new Evaluation(pool, texts, { time, signal });
      return (users) => evaluation.evaluate(users);
    };
  };
  return {
    forRun: (signal) => opener(runBudget, signal),
    forRequest: () => opener(requestBudget),
    close: () => pool.close(),
  };
}
