/** Blanks that look like a space, or like nothing at the end of a line. */
const blanks = /[\s\u0085]+/gu;

/**
 * The form in which names of groups and attributes are compared: composed (NFC), without blanks around it, and with
 * one plain space for every other run of blanks. The case of letters counts.
 */
export function nameKey(name: string): string {
  return name.normalize('NFC').replace(blanks, ' ').trim();
}

/** Those that have the same name, as names are compared. */
export function withName<Named>(
  name: string,
  all: readonly Named[],
  nameOf: (one: Named) => string,
): readonly Named[] {
  const key = nameKey(name);
  return all.filter((one) => nameKey(nameOf(one)) === key);
}

/** Characters of ASCII that many fonts draw alike. */
const drawnAlike: Readonly<Record<string, string>> = { I: 'l', '1': 'l', '|': 'l', '0': 'O' };
const visible = /^[\x21-\x7e]*$/;
const mostShown = 4;

/**
 * ` (U+00A0 instead of U+0020 at character 6)`, to be put after `text`, where a reader might take it for `other`.
 * Empty when the texts are equal, or when anybody sees where they differ.
 */
export function howItDiffers(text: string, other: string): string {
  const one = Array.from(text);
  const two = Array.from(other);
  const shorter = Math.min(one.length, two.length);
  let start = 0;
  while (start < shorter && one[start] === two[start]) start += 1;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === two.at(-1 - end)) end += 1;
  const here = one.slice(start, one.length - end);
  const there = two.slice(start, two.length - end);
  if (here.length + there.length === 0 || isSeen(here, there)) return '';
  return ` (${codePoints(here)} instead of ${codePoints(there)} at character ${start + 1})`;
}

function isSeen(here: readonly string[], there: readonly string[]): boolean {
  const drawn = (part: readonly string[]): string =>
    part.map((character) => drawnAlike[character] ?? character).join('');
  return (
    visible.test(here.join('')) && visible.test(there.join('')) && drawn(here) !== drawn(there)
  );
}

function codePoints(part: readonly string[]): string {
  if (part.length === 0) return 'nothing';
  const shown = part
    .slice(0, mostShown)
    .map((each) => `U+${(each.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
  return `${shown.join(' ')}${part.length > mostShown ? ' …' : ''}`;
}
