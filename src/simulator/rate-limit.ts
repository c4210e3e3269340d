/** Whether one more request may pass now. */
export type RateLimit = () => boolean;

interface RateLimitOptions {
  /** 0: no limit. Up to this many pass at once. */
  readonly perSecond: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Lets requests pass at a rate: a token bucket. */
export function limitRate({ perSecond, now }: RateLimitOptions): RateLimit {
  if (perSecond === 0) return () => true;
  const full = Math.max(1, perSecond);
  let level = full;
  let filledAt = now();
  return () => {
    const time = now();
    level = Math.min(full, level + ((time - filledAt) / 1000) * perSecond);
    filledAt = time;
    if (level < 1) return false;
    level -= 1;
    return true;
  };
}
