import { shellWord } from './shell-word.ts';

/** What to do about a store whose directory refuses the credential. */
export function reauthorizeHint(storeName: string): string {
  const command = `rollcall store reauthorize ${shellWord(storeName)}`;
  return `Give it a working key with: ${command} --api-key-stdin. If the key of before works again: ${command} --same-key`;
}
