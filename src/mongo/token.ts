import mongoose, { type Model } from 'mongoose';
import { Conflict } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { TokenStore } from '../ports/tokens.ts';
import { type TokenDocument, toAccessToken } from './models/token.model.ts';
import { hashOf, makeSecret } from './token-secret.ts';
import { isDuplicateKey } from './write-batch.ts';

const secretPrefix = 'rc_';
/** The precision of `lastUsedAt`: a busy token must not cause a write at each request. */
const lastUsedStepMs = 60_000;

/** Access tokens in MongoDB. Of a secret only its hash is kept. */
export function createTokenStore(model: Model<TokenDocument>, clock: Clock): TokenStore {
  return {
    async create({ name, role, expiresAt }) {
      const secret = makeSecret(secretPrefix);
      const document: TokenDocument = {
        _id: new mongoose.Types.ObjectId().toHexString(),
        name,
        role,
        hash: hashOf(secret),
        createdAt: clock.now(),
        lastUsedAt: null,
        ...(expiresAt !== undefined && { expiresAt }),
      };
      try {
        await model.create(document);
      } catch (cause) {
        if (!isDuplicateKey(cause)) throw cause;
        throw new Conflict(`There is a token named '${name}' already.`, {
          cause,
          hint: 'Give another name, or revoke that token first.',
        });
      }
      return { token: toAccessToken(document), secret };
    },
    async list() {
      const documents = await model.find().sort({ name: 1 }).lean<TokenDocument[]>();
      return documents.map(toAccessToken);
    },
    async get(id) {
      const document = await model.findById(id).lean<TokenDocument>();
      return document === null ? null : toAccessToken(document);
    },
    async bySecret(secret) {
      if (!secret.startsWith(secretPrefix)) return null;
      const document = await model.findOne({ hash: hashOf(secret) }).lean<TokenDocument>();
      if (document === null) return null;
      return toAccessToken(await noteUse(document));
    },
    async revoke(id) {
      return (await model.deleteOne({ _id: id })).deletedCount === 1;
    },
  };

  async function noteUse(document: TokenDocument): Promise<TokenDocument> {
    const now = clock.now();
    const { _id, lastUsedAt } = document;
    if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < lastUsedStepMs) {
      return document;
    }
    await model.updateOne({ _id }, { $set: { lastUsedAt: now } });
    return { ...document, lastUsedAt: now };
  }
}
