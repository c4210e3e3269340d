import { NotFound } from '../../core/errors.ts';
import type { Actor } from '../../core/model/audit.ts';
import { type Person, type Principal, principalOfPerson } from '../../core/model/person.ts';
import { type RoleLists, roleOf } from '../../core/people/role-of.ts';
import {
  type BackChannelLogout,
  type SignedInSubject,
  SignInRefused,
} from '../../ports/identity-provider.ts';
import type { PersonStore, SessionStore } from '../../ports/people.ts';
import { type AuditPorts, audited } from '../audit/audited.ts';
import { auditSession, nameOfUser } from './sessions.ts';

interface PeoplePorts extends AuditPorts {
  readonly people: Pick<PersonStore, 'signIn' | 'get' | 'bySubject' | 'roles'>;
  readonly sessions: SessionStore;
}

/**
 * Begins a session of a person who comes from the provider. `SignInRefused` for one whom no list lets in: nothing of
 * them is kept.
 */
export async function signInPerson(
  ports: PeoplePorts,
  subject: SignedInSubject,
  from: string,
): Promise<{ readonly principal: Principal; readonly secret: string }> {
  const { roles } = ports.people;
  if (roleOf(subject.claims, roles) === null) throw refusalOf(subject, roles);
  const person = await ports.people.signIn(subject);
  const principal = principalOfPerson(person);
  if (principal === null) throw refusalOf(subject, roles);
  const { sid, refreshToken } = subject;
  const holder = { kind: 'user', id: person.id } as const;
  const { secret } = await auditSession(ports, { action: 'signed-in', principal, from }, () =>
    ports.sessions.begin({ holder, sid, refreshToken }),
  );
  return { principal, secret };
}

function refusalOf({ claims }: SignedInSubject, roles: RoleLists): SignInRefused {
  const wouldFit = !claims.isVerified && roleOf({ ...claims, isVerified: true }, roles) !== null;
  return wouldFit
    ? new SignInRefused(
        'unverified',
        'The provider has not verified your address (email_verified is not true), so it gives no role.',
      )
    : new SignInRefused(
        'not-allowed',
        'You may not use this Rollcall: no entry of OIDC_OWNERS, OIDC_ADMINS or OIDC_VIEWERS fits you. An owner can add one.',
      );
}

/** Ends the sessions that a provider ends by back-channel. `SignInRefused` for a token that was used before. */
export async function endByProvider(ports: PeoplePorts, logout: BackChannelLogout): Promise<void> {
  const { issuer, sub, sid, jti, expiresAt } = logout;
  if (!(await ports.sessions.useOnce(`logout:${issuer}:${jti}`, expiresAt))) {
    throw new SignInRefused('failed', 'This logout token was used before.');
  }
  if (sid !== null) await ports.sessions.endBySid(sid);
  else if (sub !== null) {
    const person = await ports.people.bySubject(issuer, sub);
    if (person !== null) await ports.sessions.endAllOf({ kind: 'user', id: person.id });
  }
}

/** Ends all sessions of a person. `NotFound` for one who never signed in. */
export async function endSessionsOf(
  ports: PeoplePorts,
  id: string,
  actor: Actor,
): Promise<{ readonly person: Person; readonly ended: number }> {
  const person = await ports.people.get(id);
  if (person === null) throw new NotFound(`There is no person ${JSON.stringify(id)}.`);
  const changes = [{ path: 'sessions', from: nameOfUser(id), to: null }];
  const ended = await audited(ports, { actor, action: 'sessions-ended', changes }, () =>
    ports.sessions.endAllOf({ kind: 'user', id }),
  );
  return { person, ended };
}
