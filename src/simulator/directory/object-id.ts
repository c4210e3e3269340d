import { hexDigits, type Random } from './random.ts';

const objectIdPattern = /^[0-9a-f]{24}$/;

/** Whether a text has the form of JumpCloud's ids: 24 lower-case hex digits. */
export function isObjectId(text: string): boolean {
  return objectIdPattern.test(text);
}

/**
 * Makes a generator of ascending ids, as MongoDB's: seconds since 1970, a fixed middle and a counter, of which middle
 * and first counter come from `random`.
 */
export function objectIds(random: Random): (seconds: number) => string {
  const middle = hexDigits(random, 10);
  let counter = Math.floor(random() * 0x7fffff);
  return (seconds) => {
    counter = (counter + 1) & 0xffffff;
    return hex(seconds, 8) + middle + hex(counter, 6);
  };
}

export function idBefore(id: string): string {
  return (BigInt(`0x${id}`) - 1n).toString(16).padStart(24, '0');
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
