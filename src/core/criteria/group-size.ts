/** What is remembered of a group between runs. */
export interface KeptSize {
  /** How many members its last whole list had. */
  readonly proven: number;
  /** How many it had in the run before, when that had lost more than half of them; null otherwise. */
  readonly shrunkTo: number | null;
}

/** A store's groups, by id. */
export type GroupSizes = Readonly<Record<string, KeptSize>>;

/**
 * Whether a run may trust the list of a group. A list that lost more than half of the members, or all, is trusted when
 * a second run sees it so too.
 */
export function judgeSize(
  kept: KeptSize | null,
  list: { readonly size: number; readonly isWhole: boolean },
): { readonly isTrusted: boolean; readonly kept: KeptSize | null } {
  const { size, isWhole } = list;
  const lost = kept !== null && hasLostMost(kept.proven, size);
  if (lost && (kept.shrunkTo === null || hasLostMost(kept.shrunkTo, size))) {
    return { isTrusted: false, kept: { ...kept, shrunkTo: size } };
  }
  if (isWhole) return { isTrusted: true, kept: { proven: size, shrunkTo: null } };
  return { isTrusted: true, kept: kept && { ...kept, shrunkTo: lost ? size : null } };
}

function hasLostMost(before: number, now: number): boolean {
  return now < before / 2;
}
