import type { TokenRole } from '../model/token.ts';

/** One entry of `OIDC_OWNERS`, `OIDC_ADMINS` or `OIDC_VIEWERS`. */
export type AccessEntry =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'domain'; readonly domain: string }
  | { readonly kind: 'group'; readonly group: string };

/** Who has which role when they sign in as themselves. */
export type RoleLists = Readonly<Record<TokenRole, readonly AccessEntry[]>>;

export const noRoles: RoleLists = { owner: [], admin: [], viewer: [] };

/** What the provider says of a person. */
export interface Claims {
  readonly address: string | null;
  /** Whether the provider says, by the boolean true, that the address is theirs. */
  readonly isVerified: boolean;
  readonly name: string | null;
  readonly groups: readonly string[];
}

const highestFirst = ['owner', 'admin', 'viewer'] as const;

/**
 * The highest role that fits a person; null when none does. Addresses and domains count only when the provider has
 * verified the address, and match exactly: a subdomain, or another spelling, is another entry.
 */
export function roleOf(claims: Claims, lists: RoleLists): TokenRole | null {
  return highestFirst.find((role) => lists[role].some((entry) => fits(entry, claims))) ?? null;
}

function fits(entry: AccessEntry, { address, isVerified, groups }: Claims): boolean {
  if (entry.kind === 'group') return groups.includes(entry.group);
  if (address === null || !isVerified) return false;
  if (entry.kind === 'address') return address === entry.address;
  return address.slice(address.lastIndexOf('@') + 1) === entry.domain && address.includes('@');
}
