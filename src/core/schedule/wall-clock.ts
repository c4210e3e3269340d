import { InvalidInput } from '../errors.ts';
import { didYouMean } from '../suggest.ts';

/*
 * A wall time is a `Date` whose UTC fields show the local time of a place.
 */

/** The clocks of a time zone. */
export interface WallClock {
  /** The local time at an instant. */
  wallAt(instant: Date): Date;
  /**
   * The first instant with this local time or a later one: where a clock change skips it, the
   * instant after the gap; where it happens twice, the first time.
   */
  instantOf(wall: Date): Date;
}

const dayMs = 24 * 60 * 60 * 1000;
const secondMs = 1000;

/** The clocks of an IANA time zone; `InvalidInput` when there is no such zone. */
export function wallClockOf(timezone: string): WallClock {
  const format = formatOf(timezone);
  const offsetAt = (instantMs: number): number => readWall(format, instantMs) - instantMs;
  return {
    wallAt: (instant) => new Date(readWall(format, instant.getTime())),
    instantOf: (wall) => {
      const wallMs = wall.getTime();
      // No zone is a day away from UTC, so these are the offsets before and after a clock change.
      const byOffsetBefore = wallMs - offsetAt(wallMs - dayMs);
      if (readWall(format, byOffsetBefore) === wallMs) return new Date(byOffsetBefore);
      const byOffsetAfter = wallMs - offsetAt(wallMs + dayMs);
      if (readWall(format, byOffsetAfter) === wallMs) return new Date(byOffsetAfter);
      return new Date(endOfGap({ format, wallMs, fromMs: byOffsetAfter, toMs: byOffsetBefore }));
    },
  };
}

/**
 * Halves the time between an instant before a gap and one after it until it finds the end of the
 * gap.
 */
function endOfGap(search: {
  readonly format: Intl.DateTimeFormat;
  readonly wallMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}): number {
  let { fromMs, toMs } = search;
  while (toMs - fromMs > secondMs) {
    const middleMs = fromMs + Math.floor((toMs - fromMs) / 2 / secondMs) * secondMs;
    if (readWall(search.format, middleMs) >= search.wallMs) toMs = middleMs;
    else fromMs = middleMs;
  }
  return toMs;
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  // Some engines accept offsets such as +05:30 as zones; they know no daylight saving time.
  if (!/^[A-Za-z]/.test(timezone)) throw unknownZone(timezone);
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) throw unknownZone(timezone);
    throw error;
  }
}

function unknownZone(timezone: string): InvalidInput {
  const hint =
    didYouMean(timezone, Intl.supportedValuesOf('timeZone')) ||
    ' Give an IANA name such as Europe/Berlin or UTC.';
  return new InvalidInput(`there is no time zone "${timezone}".${hint}`);
}

/** The local time at an instant, in whole seconds. */
function readWall(format: Intl.DateTimeFormat, instantMs: number): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of format.formatToParts(instantMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
