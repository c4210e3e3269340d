/** Characters that are not displayed, or change how their neighbours are: controls, joiners, marks of direction. */
const hidden = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Zl}\p{Zp}]/u;
/** Control characters but tabs and line breaks, which are blanks. */
const control = /(?!\p{White_Space})\p{Cc}/u;

/** The first character that can't be seen, by its number in Unicode and its place; null when there is none. */
export function describeHidden(text: string): string | null {
  return describeFirst(text, hidden, "a character that can't be seen");
}

/** The first control character that is no blank, likewise. */
export function describeControl(text: string): string | null {
  return describeFirst(text, control, 'a control character');
}

function describeFirst(text: string, pattern: RegExp, kind: string): string | null {
  const found = pattern.exec(text);
  if (found === null) return null;
  const number = found[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  const place = Array.from(text.slice(0, found.index)).length + 1;
  return `${kind}, U+${number}, at position ${place}`;
}
