/** The result of a condition for a user: true, false, or unknown and why. */
export type Truth = boolean | { readonly unknown: string };

/*
 * Kleene's three-valued logic: an unknown condition matters only if the others don't decide. The
 * first reason is kept.
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
