import type { Model } from 'mongoose';
import { ConfigError } from '../core/errors.ts';
import type { Session } from '../core/model/session.ts';
import { idleEnd, isOver, lastEnd, needsRenewal } from '../core/people/session-ends.ts';
import type { Clock } from '../ports/clock.ts';
import type { SessionStore } from '../ports/people.ts';
import { type SessionDocument, toSession, type UsedOnceDocument } from './models/session.model.ts';
import type { SecretBox } from './secret-box.ts';
import { hashOf, makeSecret } from './token-secret.ts';
import { isDuplicateKey } from './write-batch.ts';

const secretPrefix = 'rcw_';
/** The precision of the idle time: a busy screen must not cause a write at each request. */
const activityStepMs = 60_000;
const renewalStepMs = 60_000;

/** Sessions in MongoDB, which removes those that are over. Of what a cookie holds only the hash is kept. */
export function createSessionStore(
  {
    sessions,
    usedOnce,
  }: { readonly sessions: Model<SessionDocument>; readonly usedOnce: Model<UsedOnceDocument> },
  { clock, secretBox }: { readonly clock: Clock; readonly secretBox: SecretBox },
): SessionStore {
  const seal = (documentId: string, refreshToken: string) =>
    secretBox.seal(refreshToken, { purpose: 'refresh token', documentId });
  const read = async (_id: string): Promise<Session | null> => {
    const document = await sessions.findById(_id).lean<SessionDocument>();
    const session = document === null ? null : toSession(document);
    return session === null || isOver(session, clock.now()) ? null : session;
  };
  return {
    async begin({ holder, sid = null, refreshToken = null }) {
      const secret = makeSecret(secretPrefix);
      const now = clock.now();
      const _id = hashOf(secret);
      const document: Omit<SessionDocument, 'expireAt'> = {
        _id,
        kind: holder.kind,
        holderId: holder.id,
        createdAt: now,
        activeAt: now,
        ...(holder.kind === 'user' && { renewedAt: now }),
        ...(sid !== null && { sid }),
        ...(refreshToken !== null && { refreshToken: seal(_id, refreshToken) }),
      };
      const session = toSession({ ...document, expireAt: now });
      await sessions.create({ ...document, expireAt: expiryOf(session) });
      return { session, secret };
    },
    bySecret: async (secret) => (secret.startsWith(secretPrefix) ? read(hashOf(secret)) : null),
    get: read,
    async noteActivity(session) {
      const now = clock.now();
      if (now.getTime() - session.activeAt.getTime() < activityStepMs) return session;
      const active = { ...session, activeAt: now };
      // What was ended meanwhile stays so: nothing is inserted.
      await sessions.updateOne(
        { _id: session.id },
        { $set: { activeAt: now, expireAt: expiryOf(active) } },
      );
      return active;
    },
    async end(_id) {
      await sessions.deleteOne({ _id });
    },
    endAllOf: async ({ kind, id }) =>
      (await sessions.deleteMany({ kind, holderId: id })).deletedCount,
    endBySid: async (sid) => (await sessions.deleteMany({ sid })).deletedCount,
    async countOf(userIds) {
      const found = await sessions
        .find({ kind: 'user', holderId: { $in: [...userIds] }, expireAt: { $gt: clock.now() } })
        .lean<SessionDocument[]>();
      const counts = new Map<string, number>();
      for (const { holderId } of found) counts.set(holderId, (counts.get(holderId) ?? 0) + 1);
      return counts;
    },
    async claimRenewal(_id) {
      const now = clock.now();
      const isFree = [{ renewAfter: { $exists: false } }, { renewAfter: { $lte: now } }];
      const document = await sessions
        .findOneAndUpdate(
          { _id, refreshToken: { $exists: true }, $or: isFree },
          { $set: { renewAfter: new Date(now.getTime() + renewalStepMs) } },
          { returnDocument: 'after' },
        )
        .lean<SessionDocument>();
      if (document?.refreshToken === undefined || !needsRenewal(toSession(document), now))
        return null;
      return openToken(secretBox, _id, document.refreshToken);
    },
    async noteRenewal(_id, { refreshToken, isConfirmed }) {
      const sealed = refreshToken === null ? null : { refreshToken: seal(_id, refreshToken) };
      const renewed = isConfirmed ? { renewedAt: clock.now() } : null;
      await sessions.updateOne({ _id }, { $set: { ...renewed, ...sealed } });
    },
    async useOnce(key, until) {
      try {
        await usedOnce.create({ _id: hashOf(key), expireAt: until });
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false;
      }
    },
  };
}

function expiryOf(session: Session): Date {
  return new Date(Math.min(idleEnd(session).getTime(), lastEnd(session).getTime()));
}

/** Null when its key was taken away: the session then ends for want of a renewal. */
function openToken(secretBox: SecretBox, documentId: string, sealed: string): string | null {
  try {
    return secretBox.open(sealed, { purpose: 'refresh token', documentId });
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}
