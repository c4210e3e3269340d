import { InvalidInput } from '../errors.ts';
import { didYouMean } from '../suggest.ts';
import { areasMeantBy, resolveTimeZone } from './areas-meant-by.ts';

/** `InvalidInput` unless this is UTC or the name of an area. */
export function checkTimeZone(timezone: string): void {
  const problem = timeZoneProblem(timezone);
  if (problem !== null) throw new InvalidInput(problem);
}

/** No name of a time zone is longer. */
export const longestTimeZone = 64;

/**
 * Why a schedule can't be given this time zone, and what would be right; null when it can. An abbreviation stands for
 * several areas, and engines take one of them: `IST` for India, `EST` for Panama, which knows no daylight saving time.
 * `Etc/GMT+5` is five hours behind, not ahead.
 */
export function timeZoneProblem(timezone: string): string | null {
  if (timezone.length > longestTimeZone) {
    return `no time zone has a name of ${timezone.length} characters. Give an IANA name such as Europe/Berlin or UTC.`;
  }
  if (/^(?:etc\/)?utc$/i.test(timezone) || isArea(timezone)) return null;
  const areas = areasMeantBy(timezone);
  if (areas.length > 0) {
    const list = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(areas);
    return `"${timezone}" is not the name of an area, such as Europe/Berlin. Did you mean ${list}?`;
  }
  const hint =
    didYouMean(timezone, Intl.supportedValuesOf('timeZone')) ||
    ' Give an IANA name such as Europe/Berlin or UTC.';
  const isOffset = /^(?:etc\/)?(?:utc|gmt)?[+-]?\d/i.test(timezone);
  return isOffset
    ? `there is no time zone "${timezone}".${hint} An offset doesn't change with the clocks of an area.`
    : `there is no time zone "${timezone}".${hint}`;
}

/** `Area/City`, and older names with a slash, such as US/Pacific, that mean one area. */
function isArea(timezone: string): boolean {
  return /^(?!etc\/|systemv\/)[a-z]+\//i.test(timezone) && resolveTimeZone(timezone) !== null;
}
