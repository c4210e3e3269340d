/** A letter that begins a word: `O'Brien` begins two, `it's` one. */
const wordStart = /(?<![\p{L}\p{M}\p{N}]|(?<=[\p{L}\p{M}]{2})['’])\p{L}/gu;

/** Makes the first letter of every word a capital and the others small. */
export function titlecase(text: string): string {
  return text.toLowerCase().replace(wordStart, capitalize);
}

/** One letter can become several: `ß` begins a word as `Ss`. */
function capitalize(letter: string): string {
  const [first = '', ...rest] = letter.toUpperCase();
  return first + rest.join('').toLowerCase();
}
