import { shellWord } from './shell-word.ts';

/** What to do about a store whose directory refuses the credential. */
export function reauthorizeHint(storeName: string): string {
  return `Give it a working key with: rollcall store reauthorize ${shellWord(storeName)} --api-key-stdin`;
}
