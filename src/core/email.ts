/** An e-mail address that a member can have, with the key that identifies its owner; or why it can't be used. */
export type ParsedEmail =
  | { readonly ok: true; readonly email: string; readonly key: string }
  | { readonly ok: false; readonly reason: string };

/** Limits of RFC 5321, section 4.5.3.1, in bytes of UTF-8; a label's is of RFC 1035. */
const maxLocalBytes = 64;
const maxBytes = 254;
const maxLabelLength = 63;

/** Letters and digits of any script, with the two joiners that some scripts need to spell words. */
const international = '[^\\x00-\\x7f\\p{C}\\p{Z}]|[\\u200c\\u200d]';
const atom = `(?:[A-Za-z0-9!#$%&'*+/=?^_\`{|}~-]|${international})+`;
const dotAtom = new RegExp(`^${atom}(?:\\.${atom})*$`, 'u');
const quoted = /^"(?:[^"\\\p{C}]|\\[ -~])+"$/u;
const label = /^[\p{L}\p{N}](?:(?:[\p{L}\p{N}\p{M}-]|\u200c|\u200d)*[\p{L}\p{N}\p{M}])?$/u;

/**
 * Reads an e-mail address, an internationalised one (RFC 6531) included. The address is not trimmed: surrounding
 * blanks make it malformed. `email` is NFC-normalised, `reason` is for people and doesn't repeat the address.
 */
export function parseEmail(text: string): ParsedEmail {
  const email = text.normalize('NFC');
  const reason = malformed(email);
  return reason === null ? { ok: true, email, key: emailKeyOf(email) } : { ok: false, reason };
}

/**
 * The key under which an address is unique: two addresses with one key belong to the same person.
 * Canonical caseless matching of the Unicode Standard (section 3.13) with full case folding: `ß` is
 * `ss`, a final sigma is a sigma, while the dotless `ı` is not an `i`.
 */
export function emailKeyOf(email: string): string {
  if (isAscii(email)) return email.toLowerCase();
  return Array.from(email.normalize('NFD'), foldCase).join('').normalize('NFC');
}

function malformed(email: string): string | null {
  if (email === '') return 'the e-mail address is empty';
  if (email !== email.trim()) return 'the e-mail address has blanks around it';
  const at = email.lastIndexOf('@');
  if (at === -1) return 'the e-mail address has no @';
  const local = email.slice(0, at);
  const domain = email.slice(at + 1);
  if (local === '') return 'the e-mail address has nothing before the @';
  if (!dotAtom.test(local) && !quoted.test(local)) {
    return 'the part of the e-mail address before the @ has a character that is not allowed there';
  }
  if (byteLength(local) > maxLocalBytes) {
    return `the part of the e-mail address before the @ is longer than ${maxLocalBytes} bytes`;
  }
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every(isLabel)) {
    return 'the part of the e-mail address after the @ is not a domain name such as example.com';
  }
  if (byteLength(email) > maxBytes) {
    return `the e-mail address is longer than ${maxBytes} bytes`;
  }
  return null;
}

function isLabel(text: string): boolean {
  return label.test(text) && text.length <= maxLabelLength;
}

/** The fast path: in ASCII, folding only makes capitals small. */
function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false;
  return true;
}

/** Full case folding of one character, one at a time so that no rule depends on its neighbours. */
function foldCase(character: string): string {
  if (character === 'ı') return character;
  // Lower case first, because the capital ẞ is its own upper case.
  return character.toLowerCase().toUpperCase().toLowerCase();
}

function byteLength(text: string): number {
  return isAscii(text) ? text.length : new TextEncoder().encode(text).length;
}
