import type { OpenExpressions } from '../core/mapping/expression.ts';
import type { Expressions } from '../ports/expressions.ts';
import { Evaluation, Spending, type TimeLimits } from './evaluation.ts';
import { type PoolLimits, ProcessPool } from './process-pool.ts';

interface Limits extends PoolLimits {
  readonly run: TimeLimits;
  readonly request: TimeLimits;
}

const usual: Limits = {
  // Twenty evaluations of the longest time, after which an expression is off, take 40 s; the rest is for other ones.
  run: { longestMs: 2_000, ms: 60_000, msPerUser: 25 },
  request: { longestMs: 2_000, ms: 10_000, msPerUser: 0 },
  // More than the runs that a worker carries out at once, so that a request finds a place.
  mostProcesses: 12,
  idleMs: 10_000,
};

export interface ClosableExpressions extends Expressions {
  /** Ends all processes. */
  close(): void;
}

/** Evaluates expressions in child processes. The first evaluation starts one. */
export function createExpressions(limits: Partial<Limits> = {}): ClosableExpressions {
  const { run, request, ...poolLimits } = { ...usual, ...limits };
  const pool = new ProcessPool(poolLimits);
  const opener = (time: TimeLimits, signal?: AbortSignal): OpenExpressions => {
    const spending = new Spending(time);
    return (texts) => {
      const evaluation = new Evaluation(pool, texts, { time: spending, signal });
      return (users) => evaluation.evaluate(users);
    };
  };
  return {
    forRun: (signal) => opener(run, signal),
    forRequest: () => opener(request),
    close: () => pool.close(),
  };
}
