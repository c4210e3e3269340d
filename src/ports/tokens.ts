import type { AccessToken, TokenRole } from '../core/model/token.ts';

/** Access tokens of people and scripts. Only a hash is kept. */
export interface TokenStore {
  /** `secret` is shown once and never again. */
  create(token: {
    readonly name: string;
    readonly role: TokenRole;
    /** When it stops working; without it, never. */
    readonly expiresAt?: Date | undefined;
  }): Promise<{ readonly token: AccessToken; readonly secret: string }>;
  list(): Promise<readonly AccessToken[]>;
  get(id: string): Promise<AccessToken | null>;
  /** The token this secret belongs to, expired or not; null when there is none (any more). */
  bySecret(secret: string): Promise<AccessToken | null>;
  /** False when there was none. */
  revoke(id: string): Promise<boolean>;
}
