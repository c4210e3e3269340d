import { z } from 'zod';
import type { AccessEntry } from '../src/core/people/role-of.ts';
import type { Refinement } from './keys.ts';

const longestText = 16_384;
const mostEntries = 1_000;

/** Hosts of Microsoft Entra ID; the first part of the path names the tenant. */
const entraHosts =
  /^(login\.microsoftonline\.(com|us|de)|login\.(partner\.)?microsoftonline\.cn|login\.chinacloudapi\.cn|sts\.windows\.net)$/;
/** The last one is the tenant of all personal accounts. */
const sharedTenants = [
  'common',
  'organizations',
  'consumers',
  '9188040d-6c67-4c5b-b112-36a304b66dad',
];
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The issuer as it is written, since tokens repeat it exactly; null with an issue for one that can't be used. */
function parseIssuer(text: string, ctx: Refinement): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const problem = url === null ? 'is no URL' : problemOf(url, text);
  if (problem === null) return text;
  ctx.addIssue(problem);
  return null;
}

function problemOf(url: URL, text: string): string | null {
  const isPlain = url.protocol === 'http:';
  if (url.protocol !== 'https:' && !isPlain) return 'is no https URL';
  if (isPlain && !loopback.test(url.hostname)) return 'is plain http, which only loopback may use';
  if (url.username !== '' || url.password !== '' || /[?#]/.test(text)) {
    return 'has a user name, a password, a query or a fragment';
  }
  const tenant = decodeURIComponent(url.pathname.split('/')[1] ?? '').toLowerCase();
  if (/[{}]/.test(decodeURIComponent(url.pathname)) || isShared(url.hostname, tenant)) {
    return 'is the issuer of many tenants: anyone could sign in from a tenant of their own';
  }
  return null;
}

function isShared(host: string, tenant: string): boolean {
  return entraHosts.test(host) && (tenant === '' || sharedTenants.includes(tenant));
}

/** A list of addresses, `@domains` and `group:NAME-OR-ID`. */
function parseAccessList(text: string, ctx: Refinement): readonly AccessEntry[] {
  const entries = text.split(',').map((entry) => entry.trim());
  if (entries.length > mostEntries) ctx.addIssue(`has more than ${mostEntries} entries`);
  return entries.flatMap((entry, index) => {
    const read = readEntry(entry);
    if (read === null)
      ctx.addIssue(`entry ${index + 1} is no address, no @domain and no group:NAME`);
    return read ?? [];
  });
}

function readEntry(entry: string): AccessEntry | null {
  if (entry.startsWith('group:')) {
    const group = entry.slice('group:'.length).trim();
    return group === '' ? null : { kind: 'group', group };
  }
  if (/^@[^\s@]+$/.test(entry)) return { kind: 'domain', domain: entry.slice(1) };
  return /^[^\s@]+@[^\s@]+$/.test(entry) ? { kind: 'address', address: entry } : null;
}

/** The settings of people who sign in as themselves. */
export const oidcShape = {
  OIDC_ISSUER: z
    .string()
    .max(longestText)
    .transform((text, ctx) => parseIssuer(text, ctx) ?? z.NEVER)
    .optional()
    .meta({
      description:
        'The OpenID Connect provider that people sign in with, beside access tokens. docs/sign-in.md says how.',
      format:
        'the issuer of one organization, exactly as its tokens name it, such as https://acme.okta.com; never one of many tenants, and plain http on loopback alone',
      example: 'https://acme.okta.com',
      defaultText: 'none: only access tokens sign in',
    }),
  OIDC_CLIENT_ID: z.string().max(1_000).optional().meta({
    description: 'The id by which the provider knows this installation.',
    format: 'the client id of an application at the provider',
    example: 'rollcall',
    defaultText: 'none; OIDC_ISSUER needs one',
  }),
  OIDC_CLIENT_SECRET: z.string().max(longestText).optional().meta({
    description: 'The secret with which this installation signs in to the provider.',
    format: 'the client secret of that application',
    example: '',
    secret: true,
    defaultText: 'none; OIDC_ISSUER needs one',
  }),
  OIDC_GROUPS_CLAIM: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .default('groups')
    .meta({
      description: 'The claim in which the provider lists the groups of a person.',
      format: 'the name of a claim',
      example: 'groups',
    }),
  OIDC_OWNERS: accessList('owner'),
  OIDC_ADMINS: accessList('admin'),
  OIDC_VIEWERS: accessList('viewer'),
};

function accessList(role: string) {
  return z
    .string()
    .max(longestText)
    .transform(parseAccessList)
    .optional()
    .meta({
      description: `Who has the role ${role} when they sign in with the provider. Addresses and domains count only when the provider has verified the address, and match exactly; of several roles the highest counts, and nobody else gets in.`,
      format:
        'addresses, @domains and group:NAME-OR-ID, several parted by commas, such as ada@example.com,@example.com,group:it',
      example: 'ada@example.com,group:it',
      defaultText: 'none',
    });
}
