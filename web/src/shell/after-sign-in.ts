import { ownPath } from './own-path.ts';

const key = 'after-sign-in';

/** Pages that only lead to others. */
const passing = ['/sign-in', '/signed-in'];

/** Keeps where this tab goes after signing in. It is in no address that a server or a log sees. */
export function rememberTarget(text: string): void {
  const path = ownPath(text, location.origin);
  if (path === null || passing.some((page) => path.split(/[?#]/)[0] === page)) return;
  sessionStorage.setItem(key, path);
}

/** Where this tab goes now that it is signed in, told once. */
export function takeTarget(): string {
  const kept = sessionStorage.getItem(key) ?? '/';
  sessionStorage.removeItem(key);
  return ownPath(kept, location.origin) ?? '/';
}

const closing = 'close-after-sign-in';

/** Signs in at the provider in another tab, which closes itself then; this one keeps what was typed. */
export function signInElsewhere(startAt: string): void {
  // The other tab begins with a copy of this tab's storage.
  sessionStorage.setItem(closing, 'yes');
  window.open(startAt, '_blank');
  sessionStorage.removeItem(closing);
}

/** Whether this tab was opened to sign in for another one. */
export const isForAnotherTab = (): boolean => sessionStorage.getItem(closing) !== null;
