import { foldCase, isAscii } from './fold-case.ts';

/** Of one text; what is longer is cut. */
const mostWords = 16;
const mostCharacters = 100;

/** A text without case and accents, as searches compare it. */
function foldForSearch(text: string): string {
  const folded = foldCase(text);
  return isAscii(folded) ? folded : folded.normalize('NFD').replaceAll(/\p{M}+/gu, '');
}

/** The words that are searched for: each must be the beginning of a word of what is found. */
export function wordsAsked(text: string): readonly string[] {
  const words = foldForSearch(text).split(/\s+/u);
  return words.filter((word) => word !== '').slice(0, mostWords);
}

/**
 * The words under which a text is found. `kannan2@acme.example` is found from each of its parts on, but from no part of
 * the domain: all members of a company have it.
 */
export function searchWords(texts: readonly (string | null)[]): readonly string[] {
  const found = new Set<string>();
  for (const text of texts) {
    for (const word of wordsAsked(text ?? '')) {
      const local = word.includes('@') ? word.indexOf('@') : word.length;
      for (let at = 0; at < local; at += 1) {
        const isStart = at === 0 || /[.\-_+'’(]/u.test(word.charAt(at - 1));
        if (isStart && found.size < 2 * mostWords) found.add(word.slice(at, at + mostCharacters));
      }
    }
  }
  return [...found];
}
