import { foldCase } from './fold-case.ts';

/** Blanks that look like a space, or like nothing at the end of a line. */
const blanks = /[\s\u0085]+/gu;

/**
 * The form in which names of groups and attributes are compared: composed (NFC), without blanks around it, and with
 * one plain space for every other run of blanks. The case of letters counts.
 */
export function nameKey(name: string): string {
  return name.normalize('NFC').replace(blanks, ' ').trim();
}

/** The same without the case of letters: in which names of stores are unique. */
export function caselessKey(name: string): string {
  return foldCase(nameKey(name));
}

/** Those of some names that are one without the case of letters, together. */
export function sameButForCase(names: readonly string[]): readonly (readonly string[])[] {
  const byKey = new Map<string, string[]>();
  for (const name of names) {
    const key = caselessKey(name);
    byKey.set(key, [...(byKey.get(key) ?? []), name]);
  }
  return [...byKey.values()].filter((same) => same.length > 1);
}

/** Finds those that have a name, as names are compared. Each name is normalised once, however many are looked for. */
export function findByName<Named>(
  all: readonly Named[],
  nameOf: (one: Named) => string,
): (name: string) => readonly Named[] {
  const byKey = new Map<string, Named[]>();
  for (const one of all) {
    const key = nameKey(nameOf(one));
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [one]);
    else same.push(one);
  }
  return (name) => byKey.get(nameKey(name)) ?? [];
}

/** Characters that many fonts draw alike, in pairs: of ASCII, Cyrillic, Greek, and signs. */
const drawnAlike: ReadonlyMap<string, string> = new Map(
  [
    'Il 1l |l 0O',
    '\u0430a \u0435e \u043eo \u0440p \u0441c \u0443y \u0445x \u0456i \u0458j \u0455s \u0501d \u04bbh',
    '\u0410A \u0412B \u0415E \u041aK \u041cM \u041dH \u041eO \u0420P \u0421C \u0422T \u0423Y \u0425X \u0406l \u0405S',
    '\u0391A \u0392B \u0395E \u0396Z \u0397H \u0399l \u039aK \u039cM \u039dN \u039fO \u03a1P \u03a4T \u03a5Y \u03a7X',
    "\u03bfo \u03bdv \u2018' \u2019' \u02bc' \u00b4' \u2010- \u2011- \u2012- \u2013- \u2014- \u2212-",
  ]
    .join(' ')
    .split(' ')
    .map((pair) => [pair.slice(0, 1), pair.slice(1)] as const),
);
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/** Whether most people would take two texts for the same. */
export function looksLike(text: string, other: string): boolean {
  return text !== other && drawingOf(text) === drawingOf(other);
}

function drawingOf(text: string): string {
  const characters = Array.from(nameKey(text.normalize('NFKC').replace(unseen, '')));
  return characters.map((character) => drawnAlike.get(character) ?? character).join('');
}

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
  const [one, other] = [here.join(''), there.join('')];
  return visible.test(one) && visible.test(other) && !looksLike(one, other);
}

function codePoints(part: readonly string[]): string {
  if (part.length === 0) return 'nothing';
  const shown = part
    .slice(0, mostShown)
    .map((each) => `U+${(each.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
  return `${shown.join(' ')}${part.length > mostShown ? ' …' : ''}`;
}
