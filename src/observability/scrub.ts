/**
 * Removes from a text what no log may contain: passwords within addresses of services, and e-mail
 * addresses, which database errors quote.
 */
export function scrub(text: string): string {
  return text
    .replaceAll(/:\/\/[^\s/@]+@/g, '://[redacted]@')
    .replaceAll(/[^\s"<>()[\]{}:,;=]+@[^\s"'<>()[\]{}:,;]+\.[^\s"'<>()[\]{}:,;]+/g, '[address]');
}
