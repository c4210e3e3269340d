import type { Actor } from '../../core/model/audit.ts';
import type { AccessToken } from '../../core/model/token.ts';
import { type AuditPorts, audited } from '../audit/audited.ts';

/** The actor of a token, as stores, runs and the audit name it. */
export const nameOfToken = ({ name }: Pick<AccessToken, 'name'>): string => `token:${name}`;

/** A token that acts from an address. */
export function actorOfToken(token: Pick<AccessToken, 'id' | 'name'>, from: string): Actor {
  return { by: nameOfToken(token), byTokenId: token.id, from };
}

/** Begins or ends a session by `work`, under an audit entry. */
export function auditSession<T>(
  ports: AuditPorts,
  session: {
    readonly action: 'signed-in' | 'signed-out';
    readonly token: AccessToken;
    readonly from: string;
  },
  work: () => Promise<T>,
): Promise<T> {
  const { action, token, from } = session;
  const actor = actorOfToken(token, from);
  return audited(ports, { actor, action, tokenId: token.id }, work);
}
