import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

export const sessionCookie = 'rollcall_session';

const lifetimeMs = 12 * 60 * 60_000;

const content = z.object({
  id: z.string().max(100),
  tokenId: z.string().max(200),
  until: z.number(),
});

/** The content of the cookie: the session, the token that signed in, and when it expires (Unix ms). */
export type Session = Readonly<z.output<typeof content>>;

/** The sessions that were signed out of before they expired. */
export interface EndedSessions {
  add(session: Pick<Session, 'id' | 'until'>): Promise<void>;
  has(id: string): Promise<boolean>;
}

/** The value of the cookie of a new session. */
export function writeSession(tokenId: string, now: Date): string {
  const session: Session = { id: randomUUID(), tokenId, until: now.getTime() + lifetimeMs };
  return Buffer.from(JSON.stringify(session)).toString('base64url');
}

/** The session of a request's cookie; null when there is none, or it is expired or unreadable. */
export function sessionOf(request: FastifyRequest, now: Date): Session | null {
  const cookie = request.cookies[sessionCookie];
  if (cookie === undefined) return null;
  const { valid, value } = request.unsignCookie(cookie);
  if (!valid) return null;
  try {
    const session = content.parse(JSON.parse(Buffer.from(value, 'base64url').toString()));
    return session.until > now.getTime() ? session : null;
  } catch {
    // Signed by us, but in the form of another version: signing in again replaces it.
    return null;
  }
}

/** The cookie goes to this site alone, on no request that another site caused, and to no script. */
export function cookieOptions(publicUrl: string) {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: publicUrl.startsWith('https:'),
    signed: true,
    maxAge: lifetimeMs / 1000,
  } as const;
}
