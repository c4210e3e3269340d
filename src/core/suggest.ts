import { howItDiffers } from './same-name.ts';

/** The time to compare two names grows with the product of their lengths. No name is longer than this. */
const longestName = 64;

/**
 * Finds the likely intended name, for "Did you mean …?". The closest candidate by edit distance,
 * ignoring case; null when none is close, or when the name is too long to be one.
 */
export function suggest(name: string, candidates: Iterable<string>): string | null {
  if (name.length > longestName) return null;
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let closest: { readonly candidate: string; readonly distance: number } | null = null;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance <= limit && distance < (closest?.distance ?? Number.POSITIVE_INFINITY)) {
      closest = { candidate, distance };
    }
  }
  return closest?.candidate ?? null;
}

/**
 * ` Did you mean country?`, to be put after a sentence; empty when nothing is close. Says how a name differs that looks
 * like the given one.
 */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const meant = suggest(name, candidates);
  return meant === null ? '' : ` Did you mean ${meant}${howItDiffers(meant, name)}?`;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
