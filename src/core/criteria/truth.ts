/** What a condition says of a user: yes, no, or that it can't be told, and why. */
export type Truth = boolean | Unknown;

interface Unknown {
  readonly unknown: string;
}

/*
 * Kleene's three-valued logic: what can't be told matters only if the rest doesn't decide.
 * The first reason met is kept.
 */

export function not(truth: Truth): Truth {
  return typeof truth === 'boolean' ? !truth : truth;
}

export function allOf(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.find((truth) => truth !== true) ?? true;
}

export function anyOf(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.find((truth) => truth !== false) ?? false;
}
