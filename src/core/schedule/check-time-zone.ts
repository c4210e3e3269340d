import { InvalidInput } from '../errors.ts';
import { didYouMean } from '../suggest.ts';

/** `InvalidInput` when there is no IANA time zone of this name. */
export function checkTimeZone(timezone: string): void {
  // Some engines take offsets such as +05:30 for zones; they know no daylight saving time.
  if (/^[A-Za-z]/.test(timezone) && isKnown(timezone)) return;
  const hint =
    didYouMean(timezone, Intl.supportedValuesOf('timeZone')) ||
    ' Give an IANA name such as Europe/Berlin or UTC.';
  throw new InvalidInput(`there is no time zone "${timezone}".${hint}`);
}

function isKnown(timezone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
