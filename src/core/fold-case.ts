/**
 * The form in which texts are compared without case: canonical caseless matching of the Unicode Standard (section 3.13)
 * with full case folding. `ß` is `ss`, while the dotless `ı` is not an `i`.
 */
export function foldCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return Array.from(text.normalize('NFD'), foldCharacter).join('').normalize('NFC');
}

/** The fast path: in ASCII, folding only makes capitals small. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false;
  return true;
}

/** Full case folding of one character, one at a time so that no rule depends on its neighbours. */
function foldCharacter(character: string): string {
  if (character === 'ı') return character;
  // Lower case first, because the capital ẞ is its own upper case.
  return character.toLowerCase().toUpperCase().toLowerCase();
}
