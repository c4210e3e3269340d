/*
 * How fast a directory is asked. Nothing holds requests back until the first answer that asks to slow down (429).
 * Then requests are sent one by one at a pace, which is estimated and corrected so:
 *
 *   - A limit usually counts by the second, and lets a second's worth pass at once: what was accepted before the first
 *     refusal gives a lowest and a highest pace.
 *   - While it refuses, one request at a time probes it, after waits that double. A directory that accepted no burst
 *     allows as much as the gap before the first accepted probe says; one that refuses for long counts by more than
 *     a second.
 *   - The pace rises quickly to where it was last refused, slowly near there, and faster again far above. A refusal
 *     at a steady pace lowers it a little, one soon after another to what was accepted meanwhile.
 */

/** What is known of a directory's limit. */
export interface Pace {
  /** Requests per second; null while none was refused. */
  readonly perSecond: number | null;
  /** When the next request may be sent. */
  readonly nextMs: number;
  /** True while the answer to a probe is awaited: nothing else is sent. */
  readonly isProbing: boolean;
  /** Whether the latest request had to wait: otherwise the pace is no limit, and must not rise. */
  readonly isBinding: boolean;
  /** Refusals since the latest request that was accepted, and when the first of them arrived. */
  readonly refusedInARow: number;
  readonly refusedAtMs: number;
  /** The requests accepted since the latest row of refusals, and since when. */
  readonly accepted: number;
  readonly sinceMs: number | null;
  /** The same of the stretch before that row. */
  readonly before: { readonly accepted: number; readonly lastedMs: number };
  /** The pace above which the directory is expected to refuse. */
  readonly ceiling: number;
  /** Whether the ceiling was refused at a steady pace; it is a guess from a burst otherwise. */
  readonly isMeasured: boolean;
}

const windowMs = 1_000;
/** A directory that refuses for longer counts by more than a second. */
const longWindowMs = 2 * windowMs;
const firstProbeMs = 40;
const longestProbeMs = 500;
const longestWaitMs = 30_000;
const slowest = 1 / 30;
/** After fewer accepted requests a refusal says that the pace is far too high. */
const fewAccepted = 10;
const lowering = 0.93;
const strongestLowering = 0.4;
const slightlyBelow = 0.97;
const slightlyAbove = 1.05;
/** Near the ceiling the pace rises by this share of a request per second, each second. */
const slowRise = 0.002;

/** The pace that an earlier run remembered; null when nothing was refused. */
export function startingPace(perSecond: number | null): Pace {
  return {
    perSecond,
    nextMs: 0,
    isProbing: false,
    isBinding: false,
    refusedInARow: 0,
    refusedAtMs: Number.NEGATIVE_INFINITY,
    accepted: 0,
    sinceMs: null,
    before: { accepted: 0, lastedMs: 0 },
    ceiling: perSecond ?? 0,
    isMeasured: perSecond !== null,
  };
}

export function afterSending(pace: Pace, nowMs: number): Pace {
  const { perSecond } = pace;
  const sinceMs = pace.sinceMs ?? nowMs;
  if (perSecond === null) return { ...pace, sinceMs };
  const gapMs = 1000 / perSecond;
  return {
    ...pace,
    sinceMs,
    nextMs: nowMs + gapMs,
    isProbing: pace.refusedInARow > 0,
    isBinding: nowMs - pace.nextMs < gapMs,
  };
}

interface Answered {
  /** When the request was sent, and when its answer arrived. */
  readonly sentMs: number;
  readonly nowMs: number;
}

/** After any answer that does not ask to slow down. */
export function afterAccepted(pace: Pace, { sentMs, nowMs }: Answered): Pace {
  const { perSecond, refusedInARow, refusedAtMs } = pace;
  const accepted = pace.accepted + 1;
  if (perSecond === null) return { ...pace, accepted };
  if (refusedInARow === 0) {
    const rise = pace.isBinding ? riseOf({ ...pace, accepted }, perSecond) : 1;
    return { ...pace, accepted, perSecond: perSecond * rise };
  }
  if (sentMs <= refusedAtMs) return { ...pace, accepted };
  const gapMs = sentMs - refusedAtMs;
  const found = Math.max(slowest, afterProbing(pace, perSecond, gapMs));
  return {
    ...pace,
    perSecond: found,
    ceiling: gapMs > longWindowMs ? found : Math.max(pace.ceiling, found),
    nextMs: Math.max(nowMs, sentMs + 1000 / found),
    isProbing: false,
    refusedInARow: 0,
    accepted: 1,
    sinceMs: sentMs,
  };
}

/** The pace after a probe was accepted, `gapMs` after the first refusal. */
function afterProbing(
  { before, ceiling, isMeasured }: Pace,
  perSecond: number,
  gapMs: number,
): number {
  let pace = perSecond;
  if (!isMeasured) {
    // A bucket that fills steadily would have accepted a probe long before: a whole window has passed.
    const isWindow = gapMs * ceiling > 3_000;
    if (before.accepted <= 1) pace = Math.max(pace, 1000 / gapMs);
    else if (isWindow) pace = slightlyBelow * ceiling;
  }
  if (gapMs <= longWindowMs) return pace;
  return Math.min(pace, (Math.max(1, before.accepted) * 1000) / (before.lastedMs + gapMs));
}

/** By what factor one more accepted request raises the pace. */
function riseOf({ ceiling, isMeasured, accepted, before }: Pace, perSecond: number): number {
  if (perSecond < 0.9 * ceiling) return accepted % 2 === 0 ? 1.1 : 1;
  if (!isMeasured && before.accepted <= 1) return accepted % 4 === 0 ? 1.06 : 1;
  if (perSecond > 1.1 * ceiling) return accepted % 10 === 0 ? 1.05 : 1;
  return 1 + slowRise / perSecond;
}

interface Refused extends Answered {
  /** The wait that the directory asked for; null when it named none. */
  readonly retryAfterMs: number | null;
  /** No wait is longer. */
  readonly mostMs: number;
}

/** After an answer that asks to slow down. */
export function afterRefused(pace: Pace, refused: Refused): Pace {
  const { sentMs, nowMs, mostMs } = refused;
  const hintMs = Math.min(mostMs, refused.retryAfterMs ?? 0);
  if (pace.perSecond !== null && sentMs <= pace.refusedAtMs) {
    // It was sent before the refusal that lowered the pace, so it says nothing new.
    const waits = pace.refusedInARow > 0 ? nowMs + hintMs : 0;
    return { ...pace, nextMs: Math.max(pace.nextMs, waits) };
  }
  const refusedInARow = pace.refusedInARow + 1;
  const next = pace.refusedInARow === 0 ? lower(pace, nowMs) : pace;
  const probeMs = next.isMeasured
    ? Math.min(1000 / (next.perSecond ?? 1), longestProbeMs)
    : firstProbeMs;
  const doubledMs = Math.min(longestWaitMs, probeMs * 2 ** (refusedInARow - 1));
  // A limit by the second is over by then, so a later probe would only lose time.
  const windowEndsMs = next.refusedAtMs + slightlyAbove * windowMs;
  const ownMs = nowMs < windowEndsMs ? Math.min(doubledMs, windowEndsMs - nowMs) : doubledMs;
  const nextMs = nowMs + Math.min(mostMs, Math.max(hintMs, ownMs));
  return { ...next, nextMs, isProbing: false, refusedInARow };
}

/** The pace after the first refusal of a row. */
function lower(pace: Pace, nowMs: number): Pace {
  const { perSecond, accepted, isMeasured } = pace;
  const lastedMs = nowMs - (pace.sinceMs ?? nowMs);
  const begun = {
    ...pace,
    before: { accepted, lastedMs },
    refusedAtMs: nowMs,
    accepted: 0,
    sinceMs: nowMs,
  };
  if (perSecond === null) {
    const passed = Math.max(1, accepted) * 1000;
    const ceiling = passed / Math.max(windowMs, lastedMs);
    return { ...begun, perSecond: passed / (windowMs + lastedMs), ceiling };
  }
  const isSoon = accepted < fewAccepted && lastedMs > 0;
  const measured = isSoon ? (slightlyBelow * (accepted + 0.5) * 1000) / lastedMs : perSecond;
  const lowered = Math.min(
    lowering * perSecond,
    Math.max(strongestLowering * perSecond, measured),
    // The guess from a burst was the highest that it can be.
    !isMeasured && pace.before.accepted > 1 ? slightlyBelow * pace.ceiling : perSecond,
  );
  const isCeiling = isMeasured && accepted >= fewAccepted;
  return {
    ...begun,
    perSecond: Math.max(slowest, lowered),
    ceiling: isCeiling ? perSecond : slightlyAbove * lowered,
    isMeasured: true,
  };
}
