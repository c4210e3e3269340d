import type { Alert } from '../model/alert.ts';

/** The recent results of sending alerts. */
export interface AlertSummary {
  /** Not tried yet. */
  readonly waiting: number;
  /** Tried without success, and tried again. */
  readonly failing: number;
  /** Given up since the last alert was delivered on the same channel. */
  readonly givenUp: number;
  /** Why the latest of those failed. */
  readonly lastError: string | null;
}

/** The same of one channel. */
export interface ChannelSummary extends Omit<AlertSummary, 'lastError'> {
  /** The one that failed last. */
  readonly latest: Alert | null;
}

export function addSummaries(channels: readonly ChannelSummary[]): AlertSummary {
  const total = (count: 'waiting' | 'failing' | 'givenUp') =>
    channels.reduce((sum, channel) => sum + channel[count], 0);
  const [latest] = channels
    .flatMap((channel) => channel.latest ?? [])
    .sort((a, b) => Number(b.triedAt) - Number(a.triedAt));
  return {
    waiting: total('waiting'),
    failing: total('failing'),
    givenUp: total('givenUp'),
    lastError: latest?.lastError ?? null,
  };
}
