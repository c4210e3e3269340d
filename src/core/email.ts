import { asciiDomain, isInternational, unicodeDomain } from './domain-name.ts';
import { foldCase, isAscii } from './fold-case.ts';
import { describeHidden } from './hidden-characters.ts';

/** An e-mail address that a member can have, with the key that identifies its owner; or why it can't be used. */
export type ParsedEmail =
  | { readonly ok: true; readonly email: string; readonly key: string }
  | { readonly ok: false; readonly reason: string };

/** Limits of RFC 5321, section 4.5.3.1, in bytes of UTF-8; a label's is of RFC 1035. */
const maxLocalBytes = 64;
const maxBytes = 254;
const maxLabelLength = 63;

const blank = /^\p{White_Space}$/u;
/** Characters that are not displayed. Two addresses that differ only in them look the same. */
const allHidden = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu;
/** Letters and digits of any script. */
const atom = `(?:[A-Za-z0-9!#$%&'*+/=?^_\`{|}~-]|[^\\x00-\\x7f\\p{C}\\p{Z}])+`;
const dotAtom = new RegExp(`^${atom}(?:\\.${atom})*$`, 'u');
const quoted = /^"(?:[^"\\\p{C}]|\\[ -~])+"$/u;
const label = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?$/u;

/**
 * Reads an e-mail address, an internationalised one (RFC 6531) included. `email` is without blanks around it and
 * NFC-normalised; `reason` is for people and doesn't repeat the address.
 */
export function parseEmail(text: string): ParsedEmail {
  const email = trimBlanks(text).normalize('NFC');
  const reason = malformed(email);
  return reason === null ? { ok: true, email, key: emailKeyOf(email) } : { ok: false, reason };
}

/**
 * The key under which an address is unique: two addresses with one key belong to the same person. Blanks around the
 * address don't count, and a domain in punycode is the one that it spells. The rest is canonical caseless matching of
 * the Unicode Standard (section 3.13) with full case folding: `ß` is `ss`, a final sigma is a sigma, while the
 * dotless `ı` is not an `i`.
 */
export function emailKeyOf(address: string): string {
  const email = trimBlanks(address);
  const [local, domain] = splitAddress(email);
  if (!isInternational(domain)) return foldCase(email);
  // Composed and in small letters first, because converters refuse rare letters otherwise.
  return foldCase(local + unicodeDomain(domain.normalize('NFC').toLowerCase()));
}

/** The address as it is, and with its domain in either spelling: what a search by the text of addresses asks for. */
export function spellingsOf(address: string): readonly string[] {
  const email = trimBlanks(address);
  const [local, domain] = splitAddress(email);
  return [...new Set([email, local + asciiDomain(domain), local + unicodeDomain(domain)])];
}

/** Reads an address to look for. Earlier releases stored some with hidden characters, so here it may have them. */
export function parseAddressToFind(text: string): ParsedEmail {
  const address = parseEmail(text);
  const isOtherwiseFine = parseEmail(text.replaceAll(allHidden, '')).ok;
  if (address.ok || !isOtherwiseFine) return address;
  return { ok: true, email: trimBlanks(text).normalize('NFC'), key: emailKeyOf(text) };
}

/** The address up to its last @, and the domain after it. */
function splitAddress(email: string): readonly [local: string, domain: string] {
  const at = email.lastIndexOf('@');
  return at === -1 ? [email, ''] : [email.slice(0, at + 1), email.slice(at + 1)];
}

/** Unlike `trim`, leaves the byte order mark, which is no blank, and takes the control character NEL, which is one. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blank.test(text.charAt(start))) start += 1;
  while (end > start && blank.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function malformed(email: string): string | null {
  if (email === '') return 'the e-mail address is empty';
  const hiddenIn = describeHidden(email);
  if (hiddenIn !== null) return `the e-mail address has ${hiddenIn}`;
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
  const hiddenInDomain = isInternational(domain) ? describeHidden(unicodeDomain(domain)) : null;
  if (hiddenInDomain !== null) {
    return `the part of the e-mail address after the @ is punycode for a domain name that has ${hiddenInDomain}`;
  }
  if (byteLength(email) > maxBytes) {
    return `the e-mail address is longer than ${maxBytes} bytes`;
  }
  return null;
}

function isLabel(text: string): boolean {
  return label.test(text) && text.length <= maxLabelLength;
}

function byteLength(text: string): number {
  return isAscii(text) ? text.length : new TextEncoder().encode(text).length;
}
