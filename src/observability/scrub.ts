/**
 * Removes from a text what no log may contain: passwords within addresses of services, and e-mail
 * addresses, which database errors quote.
 */
export function scrub(text: string): string {
  return text
    .replaceAll(/:\/\/[^\s/@]+@/g, '://[redacted]@')
    .replaceAll(/[^\s"<>()[\]{}:,;=]+/g, (word) => (hasAddress(word) ? '[address]' : word));
}

/** Whether text, an @ and a domain with a dot stand in this order. A regular expression for it takes quadratic time. */
function hasAddress(word: string): boolean {
  const at = word.indexOf('@', 1);
  const dot = at === -1 ? -1 : word.indexOf('.', at + 2);
  return dot !== -1 && dot < word.length - 1;
}
