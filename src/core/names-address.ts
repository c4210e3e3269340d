import { spellingsOf } from './email.ts';

/** What stands where a text named a person who was erased. */
export const emptied = 'emptied: it named a person who was erased';

/** Whether a text has the address, in any spelling, as a whole: `joann@acme.test` does not name `ann@acme.test`. */
export function namesAddress(email: string): (text: string) => boolean {
  const spellings = spellingsOf(email).map((each) =>
    each.normalize('NFC').replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'),
  );
  const whole = new RegExp(
    `(?<![\\p{L}\\p{N}._%+-])(?:${spellings.join('|')})(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`,
    'iu',
  );
  return (text) => whole.test(text.normalize('NFC'));
}

/** A copy of a value of JSON in which every text that names someone says so instead. */
export function emptyTexts<T>(value: T, names: (text: string) => boolean): T {
  const copy = (part: unknown): unknown => {
    if (typeof part === 'string') return names(part) ? emptied : part;
    if (Array.isArray(part)) return part.map(copy);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, copy(each)]));
  };
  return copy(value) as T;
}
