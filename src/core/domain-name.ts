/** No domain name is longer (RFC 1035). What is longer is not converted, so that no text takes long. */
const maxLength = 253;
const maxLabelLength = 63;
const aceLabel = /^xn--(?<code>[a-z0-9-]+)$/;
const convertible = /^[\p{L}\p{N}\p{M}.-]+$/u;

/** An internationalised domain name in ASCII (punycode, UTS #46); the name itself when it can't be converted. */
export function asciiDomain(domain: string): string {
  if (domain.length > maxLength || !convertible.test(domain)) return domain;
  const ascii = toAscii(domain);
  return ascii !== null && /^[a-z0-9.-]+$/.test(ascii) ? ascii : domain;
}

function toAscii(domain: string): string | null {
  try {
    // A last label of letters: with one of digits, the parser would take the name for an IPv4 address.
    return new URL(`http://${domain}.a`).hostname.slice(0, -'.a'.length);
  } catch {
    return null;
  }
}

/** The same name with its punycode labels in their own script. A label that is no valid punycode stays. */
export function unicodeDomain(domain: string): string {
  return asciiDomain(domain).split('.').map(decodeLabel).join('.');
}

/** Whether a domain name may have another spelling than itself in other capitals. */
export function isInternational(domain: string): boolean {
  return /\P{ASCII}/u.test(domain) || /xn--/i.test(domain);
}

function decodeLabel(label: string): string {
  const code = label.length > maxLabelLength ? undefined : aceLabel.exec(label)?.groups?.['code'];
  const decoded = code === undefined ? null : decodePunycode(code);
  return decoded !== null && toAscii(decoded) === label ? decoded : label;
}

/** Decodes punycode (RFC 3492, section 6.2); null when it is malformed. */
function decodePunycode(code: string): string | null {
  const basicLength = Math.max(0, code.lastIndexOf('-'));
  const points = Array.from(code.slice(0, basicLength), (letter) => letter.charCodeAt(0));
  let at = basicLength === 0 ? 0 : basicLength + 1;
  let point = 128;
  let bias = 72;
  let index = 0;
  while (at < code.length) {
    const before = index;
    let weight = 1;
    for (let step = 36; ; step += 36) {
      const digit = digitOf(code[at]);
      if (digit === null) return null;
      at += 1;
      index += digit * weight;
      const threshold = Math.min(26, Math.max(1, step - bias));
      if (digit < threshold) break;
      weight *= 36 - threshold;
    }
    const count = points.length + 1;
    bias = adaptBias(Math.floor((index - before) / (before === 0 ? 700 : 2)), count);
    point += Math.floor(index / count);
    if (point > 0x10ffff) return null;
    index %= count;
    points.splice(index, 0, point);
    index += 1;
  }
  return String.fromCodePoint(...points);
}

/** Punycode counts the letters first; null when there is no such digit. */
function digitOf(character = '-'): number | null {
  const digit = Number.parseInt(character, 36);
  return Number.isNaN(digit) ? null : (digit + 26) % 36;
}

/** Section 6.1. */
function adaptBias(halved: number, count: number): number {
  let step = 0;
  let delta = halved + Math.floor(halved / count);
  for (; delta > 455; step += 36) delta = Math.floor(delta / 35);
  return step + Math.floor((36 * delta) / (delta + 38));
}
