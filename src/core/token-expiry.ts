import type { AccessToken, ExpiringToken, ScimToken } from './model/token.ts';

interface Expiring {
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

const longestWarningMs = 14 * 24 * 3600 * 1000;

/** Whether a token works no more. */
export function hasExpired({ expiresAt }: Pick<Expiring, 'expiresAt'>, now: Date): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/**
 * Whether a person must replace a token: for its last 14 days, or the last quarter of a shorter life, and after it has
 * expired.
 */
export function needsReplacing({ createdAt, expiresAt }: Expiring, now: Date): boolean {
  if (expiresAt === null) return false;
  const lifeMs = expiresAt.getTime() - createdAt.getTime();
  return expiresAt.getTime() - now.getTime() <= Math.min(longestWarningMs, lifeMs / 4);
}

/** When what is made now stops working; undefined: never. */
export function expiryAfter(now: Date, lifeMs: number | undefined): Date | undefined {
  return lifeMs === undefined ? undefined : new Date(now.getTime() + lifeMs);
}

/** Of these tokens, those that a person must replace. */
export function expiringOf(
  tokens: { readonly access: readonly AccessToken[]; readonly scim: readonly ScimToken[] },
  now: Date,
): readonly ExpiringToken[] {
  const all = [
    ...tokens.access.map((token) => ({ ...token, storeId: null })),
    ...tokens.scim.map((token) => ({ ...token, name: null, role: null })),
  ];
  return all.flatMap(({ id, name, role, storeId, createdAt, expiresAt }) =>
    expiresAt !== null && needsReplacing({ createdAt, expiresAt }, now)
      ? [{ id, name, role, storeId, expiresAt }]
      : [],
  );
}
