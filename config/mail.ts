import { isIP } from 'node:net';
import { z } from 'zod';
import { parseEmail } from '../src/core/email.ts';
import { describeHidden } from '../src/core/hidden-characters.ts';
import type { Refinement } from './keys.ts';

const longestText = 16_384;
const mostAdmins = 100;

/** How the mail server is reached. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the start, TLS before anything is said, or TLS where the server offers it. */
  readonly tls: 'always' | 'required' | 'opportunistic';
  readonly auth: { readonly user: string; readonly pass: string } | undefined;
}

/** The sender of mail. */
export interface Sender {
  readonly name: string;
  readonly address: string;
}

const ports: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Null with an issue that doesn't repeat the text: it can hold a password. */
function parseServer(text: string, ctx: Refinement): MailServer | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const port = ports[url?.protocol ?? ''];
  const hasMore = url !== null && (!['', '/'].includes(url.pathname) || url.hash !== '');
  if (url === null || port === undefined || url.hostname === '' || hasMore) {
    ctx.addIssue('is no smtp or smtps URL');
    return null;
  }
  if (url.search !== '' && url.search !== '?tls=opportunistic') {
    ctx.addIssue('has a query other than ?tls=opportunistic');
    return null;
  }
  try {
    const user = decodeURIComponent(url.username);
    const pass = decodeURIComponent(url.password);
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? port : Number(url.port),
      tls: tlsOf(url),
      auth: user === '' ? undefined : { user, pass },
    };
  } catch {
    ctx.addIssue('has a name or a password that is not percent-encoded');
    return null;
  }
}

function tlsOf({ protocol, search, hostname }: URL): MailServer['tls'] {
  if (protocol === 'smtps:') return 'always';
  return search !== '' || loopback.test(hostname) ? 'opportunistic' : 'required';
}

/** `Name <address>`, or the address alone. */
function parseSender(text: string, ctx: Refinement): Sender | null {
  const [, name = '', inside, alone] = /^(?:([^<>]*)<([^<>]*)>|([^<>]*))$/.exec(text.trim()) ?? [];
  const address = parseEmail(inside ?? alone ?? '');
  if (address.ok && describeHidden(name) === null) {
    return { name: name.trim().replace(/^"(.*)"$/, '$1'), address: address.email };
  }
  ctx.addIssue(address.ok ? `has ${describeHidden(name)}` : address.reason);
  return null;
}

function parseAddresses(text: string, ctx: Refinement): readonly string[] {
  const entries = text.split(',').map((entry) => entry.trim());
  if (entries.length > mostAdmins) ctx.addIssue(`has more than ${mostAdmins} addresses`);
  return entries.flatMap((entry, index) => {
    const address = parseEmail(entry);
    if (!address.ok) ctx.addIssue(`entry ${index + 1}: ${address.reason}`);
    return address.ok ? address.email : [];
  });
}

/** Addresses of resolvers, each with a port or without; an IPv6 address with a port is in brackets. */
function parseResolvers(text: string, ctx: Refinement): readonly string[] {
  const servers = text.split(',').map((entry) => entry.trim());
  for (const [index, entry] of servers.entries()) {
    if (!isResolver(entry)) ctx.addIssue(`entry ${index + 1} is no IP address of a resolver`);
  }
  return servers;
}

function isResolver(entry: string): boolean {
  if (isIP(entry) !== 0) return true;
  const [, bracketed, plain, port = ''] =
    /^(?:\[([\da-fA-F:.]+)\]|([\d.]+)):(\d{1,5})$/.exec(entry) ?? [];
  const isAddress = bracketed === undefined ? isIP(plain ?? '') === 4 : isIP(bracketed) === 6;
  return isAddress && Number(port) >= 1 && Number(port) <= 65_535;
}

/** The settings of mail to members and administrators. */
export const mailShape = {
  SMTP_URL: z
    .string()
    .max(longestText)
    .transform((text, ctx) => parseServer(text, ctx) ?? z.NEVER)
    .optional()
    .meta({
      description:
        'The mail server that sends mail to administrators and members. With smtp://, TLS (STARTTLS) is required except on loopback; ?tls=opportunistic goes without it where the server has none.',
      format:
        'a URL such as smtps://user:password@smtp.example.com or smtp://smtp.example.com:587; percent-encode special characters of the password, such as # as %23',
      example: 'smtps://rollcall:password@smtp.example.com',
      secret: true,
      defaultText: 'none: no mail is sent',
    }),
  MAIL_FROM: z
    .string()
    .max(longestText)
    .transform((text, ctx) => parseSender(text, ctx) ?? z.NEVER)
    .optional()
    .meta({
      description: 'The sender of mail.',
      format: 'an address, alone or as Rollcall <rollcall@example.com>',
      example: 'Rollcall <rollcall@example.com>',
      defaultText: 'none; SMTP_URL needs one',
    }),
  MAIL_ADMINS: z.string().max(longestText).transform(parseAddresses).optional().meta({
    description: 'The addresses that alerts are sent to by mail.',
    format: 'addresses, several parted by commas',
    example: 'ops@example.com',
    defaultText: 'none: no alerts are sent by mail',
  }),
  DNS_SERVERS: z.string().max(longestText).transform(parseResolvers).optional().meta({
    description: 'The resolvers that are asked for the records of domains.',
    format: 'IP addresses, several parted by commas, such as 192.0.2.53,[2001:db8::53]:5353',
    example: '192.0.2.53',
    defaultText: 'the resolvers of the system',
  }),
};
