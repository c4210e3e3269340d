import type { OpenExpressions } from '../core/mapping/expression.ts';

/**
 * Evaluates the expressions of field mappings in processes of their own, which end when an evaluation takes too long
 * or too much memory. Each call opens the time for one run or one request.
 */
export interface Expressions {
  /** The time grows with the number of users. Aborted, an evaluation rejects with the signal's reason. */
  forRun(signal?: AbortSignal): OpenExpressions;
  /** A few seconds in all, because a person waits. */
  forRequest(): OpenExpressions;
}
