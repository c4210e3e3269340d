import { asciiDomain } from '../domain-name.ts';
import { parseEmail } from '../email.ts';
import { InvalidInput } from '../errors.ts';
import type { MailDomain } from '../model/mail-domain.ts';

const label = '_rollcall.';
const valuePrefix = 'rollcall-verification=';
/** No name in the DNS is longer. */
const maxLength = 253;

/** The TXT record that proves the control of a domain. */
export interface TxtRecord {
  readonly name: string;
  readonly type: 'TXT';
  readonly value: string;
}

export function recordOf({ id, token }: Pick<MailDomain, 'id' | 'token'>): TxtRecord {
  return { name: recordName(id), type: 'TXT', value: valuePrefix + token };
}

export function recordName(domain: string): string {
  return label + domain;
}

/** Whether a TXT value is a token of some installation of Rollcall. */
export function isToken(value: string): boolean {
  return value.startsWith(valuePrefix);
}

/** A domain as it is stored: in small ASCII letters. `InvalidInput` for what no address can have after its @. */
export function readDomain(text: string): string {
  const domain = asciiDomain(text.trim().replace(/\.$/, '').normalize('NFC').toLowerCase());
  const isName = /^[a-z0-9.-]+$/.test(domain) && parseEmail(`a@${domain}`).ok;
  if (isName && recordName(domain).length <= maxLength) return domain;
  throw new InvalidInput(`${JSON.stringify(text)} is no domain.`, {
    hint: 'Give the part of the addresses after the @, such as example.com.',
  });
}

/** The domain of an address, as it is stored. */
export function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return asciiDomain(domain.normalize('NFC').toLowerCase());
}
