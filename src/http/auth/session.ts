import { z } from 'zod';

export const sessionCookie = 'rollcall_session';

const lifetimeMs = 12 * 60 * 60_000;

const content = z.object({ token: z.string(), until: z.number() });

/** What the cookie says: whose token signed in, and until when that counts. */
export function writeSession(tokenId: string, now: Date): string {
  return Buffer.from(
    JSON.stringify({ token: tokenId, until: now.getTime() + lifetimeMs }),
  ).toString('base64url');
}

/** The id of the token that signed in; null when the session is over or unreadable. */
export function readSession(value: string, now: Date): string | null {
  try {
    const session = content.parse(JSON.parse(Buffer.from(value, 'base64url').toString()));
    return session.until > now.getTime() ? session.token : null;
  } catch {
    // Signed by us, but in a form of another version: signing in again mends it.
    return null;
  }
}

/** The cookie goes to this site alone, on no request that another site caused, and to no script. */
export function cookieOptions(publicUrl: string): {
  readonly path: '/';
  readonly httpOnly: true;
  readonly sameSite: 'strict';
  readonly secure: boolean;
  readonly signed: true;
  readonly maxAge: number;
} {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: publicUrl.startsWith('https:'),
    signed: true,
    maxAge: lifetimeMs / 1000,
  };
}
