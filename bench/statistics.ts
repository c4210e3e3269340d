import { z } from 'zod';

export const spreadSchema = z.object({ median: z.number(), min: z.number(), max: z.number() });
/** Several rounds of one figure. */
export type Spread = z.infer<typeof spreadSchema>;

/** The median of an even number of rounds is the mean of the two in the middle. */
export function spreadOf(rounds: readonly number[]): Spread {
  const sorted = rounds.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined || min === undefined || max === undefined) {
    throw new Error('there is no figure');
  }
  return { median: (low + high) / 2, min, max };
}
