import { Unavailable } from '../../core/errors.ts';
import type { Actor } from '../../core/model/audit.ts';
import { type Principal, principalOfPerson, principalOfToken } from '../../core/model/person.ts';
import type { Session } from '../../core/model/session.ts';
import type { AccessToken } from '../../core/model/token.ts';
import { needsRenewal } from '../../core/people/session-ends.ts';
import type { Clock } from '../../ports/clock.ts';
import { type IdentityProvider, SignInRefused } from '../../ports/identity-provider.ts';
import type { PersonStore, SessionStore } from '../../ports/people.ts';
import type { TokenStore } from '../../ports/tokens.ts';
import { type AuditPorts, audited } from '../audit/audited.ts';

/** The actor of a token, as stores, runs and the audit name it. */
export const nameOfToken = ({ name }: Pick<AccessToken, 'name'>): string => `token:${name}`;

/** The actor of a person: an id, since names and addresses can be erased. */
export const nameOfUser = (id: string): string => `user:${id}`;

/** The actor of a principal, as stores, runs and the audit name it. */
export const nameOf = ({ kind, id, name }: Pick<Principal, 'kind' | 'id' | 'name'>): string =>
  kind === 'user' ? nameOfUser(id) : nameOfToken({ name });

/** What the log says of a principal: of a person the id alone. */
export const logNameOf = ({ kind, id, name }: Pick<Principal, 'kind' | 'id' | 'name'>) =>
  kind === 'user' ? { userId: id } : { tokenId: id, name };

/** A token or a person that acts from an address. */
export function actorOfPrincipal(
  principal: Pick<Principal, 'kind' | 'id' | 'name'>,
  from: string,
): Actor {
  const by = nameOf(principal);
  return principal.kind === 'user' ? { by, from } : { by, byTokenId: principal.id, from };
}

export interface SessionPorts {
  readonly tokens: Pick<TokenStore, 'get'>;
  readonly people: Pick<PersonStore, 'get' | 'renew'>;
  readonly sessions: SessionStore;
  /** Null without one. */
  readonly provider: IdentityProvider | null;
  readonly clock: Clock;
}

/**
 * Who a session acts for at this moment; null when it is over, or no list lets the person in any more. A person's claims
 * are asked for anew when that is due: who is refused then has no session, and while the provider is away the session
 * goes on until its claims are too old.
 */
export async function principalOfSession(
  ports: SessionPorts,
  session: Session,
): Promise<Principal | null> {
  const { kind, id } = session.holder;
  if (kind === 'token') {
    const token = await ports.tokens.get(id);
    return token === null ? null : principalOfToken(token);
  }
  // Without the provider of its sign-in there is nobody to answer for the person.
  if (ports.provider === null) return null;
  if (needsRenewal(session, ports.clock.now()) && !(await renew(ports, session, ports.provider))) {
    return null;
  }
  const person = await ports.people.get(id);
  return person === null ? null : principalOfPerson(person);
}

/** False when the session has ended: the provider refuses the person. */
async function renew(
  { sessions, people }: SessionPorts,
  { id, holder }: Session,
  provider: IdentityProvider,
): Promise<boolean> {
  const [refreshToken, person] = [await sessions.claimRenewal(id), await people.get(holder.id)];
  if (refreshToken === null || person === null) return true;
  try {
    const renewed = await provider.renew({ refreshToken, sub: person.sub });
    const isSilent = !renewed.isWhole && person.groups.length > 0;
    if (!isSilent) await people.renew(person.id, renewed.claims);
    await sessions.noteRenewal(id, { refreshToken: renewed.refreshToken, isConfirmed: !isSilent });
    return true;
  } catch (error) {
    if (error instanceof Unavailable) return true;
    if (!(error instanceof SignInRefused)) throw error;
    await sessions.end(id);
    return false;
  }
}

/** Begins or ends a session by `work`, under an audit entry. */
export function auditSession<T>(
  ports: AuditPorts,
  session: {
    readonly action: 'signed-in' | 'signed-out';
    readonly principal: Pick<Principal, 'kind' | 'id' | 'name'>;
    readonly from: string;
  },
  work: () => Promise<T>,
): Promise<T> {
  const { action, principal, from } = session;
  const actor = actorOfPrincipal(principal, from);
  const tokenId = principal.kind === 'token' ? principal.id : null;
  return audited(ports, { actor, action, tokenId }, work);
}
