import type { Credential, CredentialInfo } from './model/store.ts';

const shown = 4;
/** Of a shorter text the end would tell too much. */
const shortestShown = 16;

/** What is kept of a credential beside the credential itself, which is encrypted. */
export function infoOfCredential(
  credential: Credential,
  added: { readonly by: string; readonly at: Date },
): CredentialInfo {
  const { type } = credential;
  return { type, addedAt: added.at, addedBy: added.by, hint: hintOf(credential) };
}

/**
 * What tells one credential of a store from another to a person: the last characters of the key, or of the name that a
 * service account signs in with. Null for one that is too short to show any.
 */
function hintOf(credential: Credential): string | null {
  const [, first = ''] = Object.entries(credential).find(([field]) => field !== 'type') ?? [];
  return first.length < shortestShown ? null : first.slice(-shown);
}
