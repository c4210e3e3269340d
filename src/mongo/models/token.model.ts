import { Schema } from 'mongoose';
import type { AccessToken } from '../../core/model/token.ts';

/** An access token as it is stored: its secret only as a hash. */
export interface TokenDocument {
  _id: string;
  name: string;
  role: AccessToken['role'];
  /** SHA-256 of the secret, in hex. */
  hash: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  /** Left out for a token that does not expire, as in tokens of earlier releases. */
  expiresAt?: Date;
}

export const tokenSchema = new Schema<TokenDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    role: { type: String, required: true },
    hash: { type: String, required: true },
    createdAt: { type: Date, required: true },
    lastUsedAt: Date,
    expiresAt: Date,
  },
  { collection: 'tokens', strict: 'throw', versionKey: false, autoIndex: false },
);

export function toAccessToken({ _id, hash: _secret, ...rest }: TokenDocument): AccessToken {
  return { expiresAt: null, ...rest, id: _id };
}
