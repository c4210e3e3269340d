import mongoose, { type Model } from 'mongoose';
import { emailKeyOf } from '../core/email.ts';
import type { Claims, RoleLists } from '../core/people/role-of.ts';
import type { Clock } from '../ports/clock.ts';
import type { PersonStore } from '../ports/people.ts';
import { type PersonDocument, toPerson } from './models/person.model.ts';

/** People who signed in, in MongoDB. Their roles follow from the lists of this process. */
export function createPersonStore(
  model: Model<PersonDocument>,
  { clock, roles }: { readonly clock: Clock; readonly roles: RoleLists },
): PersonStore {
  const read = (document: PersonDocument | null) =>
    document === null ? null : toPerson(document, roles);
  return {
    roles,
    async signIn({ issuer, sub, claims }) {
      const now = clock.now();
      const { $set, $unset } = claimsChange(claims);
      const _id = new mongoose.Types.ObjectId().toHexString();
      const document = await model
        .findOneAndUpdate(
          { issuer, sub },
          { $set: { ...$set, signedInAt: now }, $unset, $setOnInsert: { _id, createdAt: now } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<PersonDocument>();
      if (document === null) throw new Error('The database made no person.');
      return toPerson(document, roles);
    },
    async renew(_id, claims) {
      await model.updateOne({ _id }, claimsChange(claims));
    },
    get: async (id) => read(await model.findById(id).lean<PersonDocument>()),
    bySubject: async (issuer, sub) =>
      read(await model.findOne({ issuer, sub }).lean<PersonDocument>()),
    async list({ after, limit }) {
      const documents = await model
        .find(after === undefined ? {} : { _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<PersonDocument[]>();
      return documents.map((document) => toPerson(document, roles));
    },
    async withAddress(address) {
      const documents = await model
        .find({ emailKey: emailKeyOf(address) })
        .lean<PersonDocument[]>();
      return documents.map((document) => toPerson(document, roles));
    },
    async remove(_id) {
      await model.deleteOne({ _id });
    },
  };
}

function claimsChange({ address, isVerified, name, groups }: Claims) {
  const keyed = address === null ? null : { address, emailKey: emailKeyOf(address) };
  return {
    $set: { isVerified, groups: [...groups], ...keyed, ...(name !== null && { name }) },
    $unset: {
      ...(keyed === null && { address: 1, emailKey: 1 }),
      ...(name === null && { name: 1 }),
    } as Record<string, 1>,
  };
}
