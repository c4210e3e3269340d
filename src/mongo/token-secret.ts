import { createHash, randomBytes } from 'node:crypto';

const secretBytes = 32;

/** A new token: a prefix that says what it is for, and 256 random bits, so that its plain SHA-256 can't be guessed back. */
export function makeSecret(prefix: string): string {
  return prefix + randomBytes(secretBytes).toString('base64url');
}

/** What is kept of a token, in hex. It is looked up by this: how long that takes tells nothing about the secret. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
