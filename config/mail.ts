import { isIP } from 'node:net';
import { z } from 'zod';
import type { Refinement } from './keys.ts';

const longestText = 16_384;

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
  DNS_SERVERS: z.string().max(longestText).transform(parseResolvers).optional().meta({
    description: 'The resolvers that are asked for the records of domains.',
    format: 'IP addresses, several parted by commas, such as 192.0.2.53,[2001:db8::53]:5353',
    example: '192.0.2.53',
    defaultText: 'the resolvers of the system',
  }),
};
