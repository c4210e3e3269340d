import { Schema } from 'mongoose';
import type { Session, SessionHolder } from '../../core/model/session.ts';

/** A session as it is stored. Null is left out. */
export interface SessionDocument {
  /** SHA-256 of what the cookie holds, in hex. */
  _id: string;
  kind: SessionHolder['kind'];
  holderId: string;
  createdAt: Date;
  activeAt: Date;
  renewedAt?: Date;
  sid?: string;
  /** Encrypted. */
  refreshToken?: string;
  /** Nobody else asks the provider until then. */
  renewAfter?: Date;
  /** The database removes it by itself then. */
  expireAt: Date;
}

export const sessionSchema = new Schema<SessionDocument>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    holderId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    activeAt: { type: Date, required: true },
    renewedAt: Date,
    sid: String,
    refreshToken: String,
    renewAfter: Date,
    expireAt: { type: Date, required: true },
  },
  { collection: 'sessions', strict: 'throw', versionKey: false, autoIndex: false },
);

export function toSession(document: SessionDocument): Session {
  const { _id: id, kind, holderId, createdAt, activeAt, renewedAt, sid, refreshToken } = document;
  return {
    id,
    holder: { kind, id: holderId },
    createdAt,
    activeAt,
    renewedAt: renewedAt ?? null,
    isRenewable: refreshToken !== undefined,
    sid: sid ?? null,
  };
}

/** What was used and must not be used again. */
export interface UsedOnceDocument {
  /** SHA-256, in hex. */
  _id: string;
  expireAt: Date;
}

export const usedOnceSchema = new Schema<UsedOnceDocument>(
  { _id: { type: String, required: true }, expireAt: { type: Date, required: true } },
  { collection: 'usedOnce', strict: 'throw', versionKey: false, autoIndex: false },
);
