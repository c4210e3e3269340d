import { InvalidInput } from '../core/errors.ts';

/** Reads an option's value as a whole number; `InvalidInput` when it isn't one or not in the range. */
export function wholeNumber(
  what: string,
  { from, to }: { readonly from: number; readonly to: number },
): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidInput(`${what} can't be ${JSON.stringify(text)}.`, {
      hint: `Give a whole number from ${from} to ${to}.`,
    });
  };
}
