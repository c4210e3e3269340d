import { createHash, randomBytes } from 'node:crypto';

const secretBytes = 32;

/** A new token: a prefix that says what it is for, and 256 random bits, so that its plain SHA-256 can't be guessed back. */
export function makeSecret(prefix: string): string {
  return prefix + randomBytes(secretBytes).toString('base64url');
}

/**
 * The stored hash of a token, in hex. Tokens are looked up by it: the time of that reveals nothing about the secret.
 */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
