import type { Evaluate } from '../../../src/core/mapping/expression.ts';

/** What the worker is asked. */
export interface Question {
  readonly texts: readonly string[];
  readonly users: Parameters<Evaluate>[0];
}
export type Answer = Awaited<ReturnType<Evaluate>>;
