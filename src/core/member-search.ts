import { emailKeyOf } from './email.ts';
import { foldCase, isAscii } from './fold-case.ts';
import type { MemberField } from './model/fields.ts';
import type { Member } from './model/member.ts';

/** What lists of members can be sorted by: `updated` is newest first. */
export const memberSorts = ['name', 'address', 'updated'] as const;
export type MemberSort = (typeof memberSorts)[number];

/** The fields that a search looks in. */
export const searchedFields = [
  'displayName',
  'firstName',
  'lastName',
  'email',
  'employeeId',
] as const satisfies readonly MemberField[];

/** What a member is found and sorted by; every write that changes its source computes it again. */
export interface SearchKeys extends Readonly<Record<MemberSort, string>> {
  /** Each folded word, and the rest of it from each letter or digit that follows another character. */
  readonly words: readonly string[];
}

type Searched = Pick<Member, 'id' | 'fields' | 'updatedAt'>;

/** The search keys of a member. Their size has a bound, whatever the fields hold. */
export function searchKeysOf({ id, fields, updatedAt }: Searched): SearchKeys {
  const { displayName, firstName, lastName, email = '' } = fields;
  const texts = [...searchedFields.map((field) => fields[field] ?? ''), emailKeyOf(email)];
  const name = displayName ?? [firstName, lastName].filter((part) => part !== undefined).join(' ');
  return {
    words: [...new Set(texts.flatMap(wordsIn))],
    name: sortKey(fold(name), id),
    address: sortKey(fold(email), id),
    updated: updatedKey(updatedAt, id),
  };
}

/** The key by which members are sorted by their last change. */
export const updatedKey = (updatedAt: Date, id: string): string =>
  sortKey(updatedAt.toISOString(), id);

/** The folded words of a text that is searched for: a member matches when each begins one of its words. */
export function wordsToFind(text: string): readonly string[] {
  return [...new Set(tokensIn(text).map(cut))];
}

/** Whether a search for `text` finds a member. */
export function matchesSearch(member: Searched, text: string): boolean {
  const { words } = searchKeysOf(member);
  return wordsToFind(text).every((wanted) => words.some((word) => word.startsWith(wanted)));
}

/** Half of a character that was cut in two. */
const halfCharacter = /\p{Cs}/gu;
const longestText = 1000;
const longestWord = 64;
const mostWordsOfField = 16;

/** Keys are unique: the id follows the text, after a character that no folded text has. */
const sortKey = (text: string, id: string): string => `${cut(text)}\t${id}`;

const cut = (text: string): string =>
  text.length <= longestWord ? text : text.slice(0, longestWord).replace(halfCharacter, '');

function tokensIn(text: string): readonly string[] {
  return fold(text).split(' ').filter(Boolean);
}

const wordStart = /(?<=[^\p{L}\p{N}\p{M}])[\p{L}\p{N}]/gu;

/** `ada.king@acme.test` is found by `ada`, `king@a`, `acme.t` and `test`. */
function wordsIn(text: string): readonly string[] {
  const words: string[] = [];
  for (const token of tokensIn(text)) {
    words.push(cut(token));
    for (const { index } of token.matchAll(wordStart)) {
      if (words.length >= mostWordsOfField) return words;
      words.push(cut(token.slice(index, index + longestWord + 1)));
    }
    if (words.length >= mostWordsOfField) return words;
  }
  return words;
}

const accents = /[\u0300-\u036f]/g;
const hidden = /(?!\s)[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu;
const blanks = /[\s\u0085]+/gu;

/** A text without case, accents and characters that are not displayed, with one space between its words. */
function fold(text: string): string {
  const start = text.slice(0, longestText);
  const plain = isAscii(start) ? start : start.replace(halfCharacter, '').normalize('NFKD');
  const folded = foldCase(plain.replace(accents, '').normalize('NFC')).normalize('NFKD');
  return folded
    .replace(accents, '')
    .normalize('NFC')
    .replace(hidden, '')
    .replace(blanks, ' ')
    .trim();
}
