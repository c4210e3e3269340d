import type { AccessToken } from '../../core/model/token.ts';
import { hasExpired } from '../../core/token-expiry.ts';
import { Unauthenticated } from '../problem.ts';

/** Why a token is refused that was right once; null while it works. */
function expiryProblem({ name, expiresAt }: AccessToken, now: Date): string | null {
  if (expiresAt === null || !hasExpired({ expiresAt }, now)) return null;
  return `The access token ${JSON.stringify(name)} expired at ${expiresAt.toISOString()}. An owner can make a new one.`;
}

/** `Unauthenticated` for a token that has expired. */
export function refuseExpired(token: AccessToken, now: Date): void {
  const problem = expiryProblem(token, now);
  if (problem !== null) throw new Unauthenticated(problem);
}
