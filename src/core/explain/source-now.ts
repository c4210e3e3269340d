import type { Member } from '../model/member.ts';
import type { ListedUser } from '../model/source-user.ts';
import type { Reading } from '../plan/read-user.ts';

/** A reason: `code` for scripts, `message` for people. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** What the source says of a person now. */
export type SourceNow =
  | { readonly is: 'found'; readonly user: ListedUser; readonly reading: Reading }
  | { readonly is: 'absent' }
  /** The source could not be asked. */
  | { readonly is: 'unreachable'; readonly reason: string }
  /** There is no source: the member belongs to no store. */
  | { readonly is: 'none' };

/** Why no store decides about a member. */
export function noStoreText(member: Pick<Member, 'keptFrom'>): string {
  if (member.keptFrom === null) {
    return 'The member was added by hand and belongs to no store; a directory that has the same address adopts it.';
  }
  const { directory, orgId } = member.keptFrom;
  return `The member was kept from a removed store (${directory}, organization ${orgId}); a store of the same organization links it again.`;
}

/** The text as a sentence: with a capital, and a full stop unless it ends with a punctuation mark. */
export function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
