/** Changes a text; doing it twice must be the same as doing it once. */
export type Transform = (text: string) => string;

/** A letter that begins a word: `O'Brien` begins two, `it's` one. */
const wordStart = /(?<![\p{L}\p{M}\p{N}]|(?<=[\p{L}\p{M}]{2})['’])\p{L}/gu;

/** One letter can become several: `ß` begins a word as `Ss`. */
function capitalize(letter: string): string {
  const [first = '', ...rest] = letter.toUpperCase();
  return first + rest.join('').toLowerCase();
}

/** All transforms, by the names that mappings use. */
export const transforms: ReadonlyMap<string, Transform> = new Map([
  // Every run of blanks, tabs and line breaks becomes one space.
  ['collapseSpaces', (text) => text.replace(/\s+/gu, ' ')],
  // The digits alone stay.
  ['digits', (text) => text.replace(/\P{Nd}/gu, '')],
  ['lowercase', (text) => text.toLowerCase()],
  // Letters and accents are composed (Unicode normalisation form C).
  ['nfc', (text) => text.normalize('NFC')],
  // The first letter of every word becomes a capital, the others small.
  ['titlecase', (text) => text.toLowerCase().replace(wordStart, capitalize)],
  ['trim', (text) => text.trim()],
  ['uppercase', (text) => text.toUpperCase()],
]);
