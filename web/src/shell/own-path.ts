/** The path of this site that a text names; null for an address of another one, however it is written. */
export function ownPath(text: string, origin: string): string | null {
  if (!/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text) || !URL.canParse(text, origin)) return null;
  const url = new URL(text, origin);
  return url.origin === origin && !url.pathname.startsWith('//')
    ? url.pathname + url.search + url.hash
    : null;
}
