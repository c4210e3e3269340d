import type { Run } from '../model/run.ts';

/** After so many runs in a row that the directory answered 403. */
const runsUntilPutOff = 3;
const firstWaitMs = 60 * 60_000;
const longestWaitMs = 24 * firstWaitMs;

/** Which runs of a store `putOffUntil` heeds. After eight the wait is the longest one. */
export const latestHeeded = {
  modes: ['full'],
  statuses: ['succeeded', 'held', 'failed'],
  limit: 8,
} as const satisfies {
  readonly modes: readonly Run['mode'][];
  readonly statuses: readonly Run['status'][];
  readonly limit: number;
};

/**
 * Until when the scheduled runs of a store are put off because its directory keeps answering 403; null when they are
 * not. A directory that blocks an address may do so for longer the more it is asked. `ended`:
 * the runs of `latestHeeded`, newest first.
 */
export function putOffUntil(ended: readonly Pick<Run, 'error' | 'finishedAt'>[]): Date | null {
  const firstOther = ended.findIndex(({ error }) => error?.forbidden !== true);
  const inARow = firstOther === -1 ? ended.length : firstOther;
  const finishedAt = ended[0]?.finishedAt;
  if (inARow < runsUntilPutOff || finishedAt === null || finishedAt === undefined) return null;
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (inARow - runsUntilPutOff));
  return new Date(finishedAt.getTime() + waitMs);
}
