import type { Claims } from '../people/role-of.ts';
import type { AccessToken, TokenRole } from './token.ts';

/** Somebody who signed in as themselves: (issuer, sub) at the provider. Names and addresses stand here alone. */
export interface Person extends Claims {
  readonly id: string;
  readonly issuer: string;
  readonly sub: string;
  /** By the lists of this process, as of now; null: they get in no more. */
  readonly role: TokenRole | null;
  readonly createdAt: Date;
  readonly signedInAt: Date;
}

/** Who a request acts for: an access token, or a person who signed in. `expiresAt` is that of the token. */
export interface Principal extends AccessToken {
  readonly kind: 'token' | 'user';
  readonly address: string | null;
}

/** An access token that acts. */
export function principalOfToken(token: AccessToken): Principal {
  return { ...token, kind: 'token', address: null };
}

/** A person who acts; null for one whom no list lets in. */
export function principalOfPerson({ id, role, ...person }: Person): Principal | null {
  if (role === null) return null;
  const { address, createdAt, signedInAt: lastUsedAt } = person;
  const name = person.name ?? address ?? id;
  return { kind: 'user', id, name, role, address, createdAt, lastUsedAt, expiresAt: null };
}
