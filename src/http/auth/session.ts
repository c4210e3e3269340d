import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../core/model/person.ts';
import type { Session, SessionHolder } from '../../core/model/session.ts';
import { longestMs } from '../../core/people/session-ends.ts';
import { auditSession, logNameOf } from '../../manage/access/sessions.ts';
import type { AuditPorts } from '../../manage/audit/audited.ts';
import type { SessionStore } from '../../ports/people.ts';

export interface SessionOptions extends AuditPorts {
  readonly sessions: SessionStore;
  readonly publicUrl: string;
}

/** Under TLS a browser takes a `__Host-` cookie from this host alone, and the plain name is not read. */
export function cookieName(name: string, publicUrl: string): string {
  return publicUrl.startsWith('https:') ? `__Host-${name}` : name;
}

const sessionCookie = 'rollcall_session';

/** The name of the cookie of a session. */
export const sessionCookieName = (publicUrl: string): string =>
  cookieName(sessionCookie, publicUrl);

/** The session of a request's cookie; null when there is none, or it is over. */
export async function sessionOf(
  request: FastifyRequest,
  {
    sessions,
    publicUrl,
  }: Pick<SessionOptions, 'publicUrl'> & {
    readonly sessions: Pick<SessionStore, 'bySecret' | 'noteActivity'>;
  },
): Promise<Session | null> {
  const secret = request.cookies[sessionCookieName(publicUrl)];
  if (secret === undefined) return null;
  const session = await sessions.bySecret(secret);
  return session !== null && isActive(request) ? sessions.noteActivity(session) : session;
}

/**
 * Whether a request is a sign of its user. The console says so of each (`rollcall-active`): it knows what is a poll.
 * Without that, a page that is opened and a request that changes something are such signs.
 */
function isActive({ method, headers }: FastifyRequest): boolean {
  const told = headers['rollcall-active'];
  if (told !== undefined) return told === 'yes';
  return headers['sec-fetch-mode'] === 'navigate' || (method !== 'GET' && method !== 'HEAD');
}

/** The cookie goes to this site alone, on no request that another site caused, and to no script. */
function cookieOptions(publicUrl: string) {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: publicUrl.startsWith('https:'),
  } as const;
}

/** Gives a browser the cookie of a session that was begun. */
export function sendSession(reply: FastifyReply, secret: string, publicUrl: string): void {
  const maxAge = longestMs / 1000;
  const options = { ...cookieOptions(publicUrl), maxAge };
  void reply.setCookie(sessionCookieName(publicUrl), secret, options);
}

/** Begins a session of a token: sets its cookie. */
export async function beginSession(
  { audit, sessions, publicUrl }: SessionOptions,
  principal: Principal,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<Session> {
  const { kind, id } = principal;
  const holder: SessionHolder = { kind, id };
  const asked = { action: 'signed-in', principal, from: request.ip } as const;
  const { session, secret } = await auditSession({ audit }, asked, () =>
    sessions.begin({ holder }),
  );
  sendSession(reply, secret, publicUrl);
  request.log.info(logNameOf(principal), 'Signed in.');
  return session;
}

/** Ends the session that a request's cookie names, if it does. */
export async function endSession(
  { audit, sessions, publicUrl }: SessionOptions,
  { session, signedIn: principal, ip: from }: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  if (session !== null && principal !== null) {
    await auditSession({ audit }, { action: 'signed-out', principal, from }, () =>
      sessions.end(session.id),
    );
  }
  void reply.clearCookie(sessionCookieName(publicUrl), cookieOptions(publicUrl));
}
