import type { AccessToken } from '../../core/model/token.ts';
import { type AuditPorts, audited } from '../audit/audited.ts';

/** The actor of a token, as stores, runs and the audit name it. */
export const nameOfToken = ({ name }: Pick<AccessToken, 'name'>): string => `token:${name}`;

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
  const actor = { by: nameOfToken(token), from };
  return audited(ports, { actor, action, tokenId: token.id }, work);
}
