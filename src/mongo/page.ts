import type { Model } from 'mongoose';
import type { PageStore } from '../ports/pages.ts';
import { type PageDocument, pageIdOf, toPage, toPageDocument } from './models/page.model.ts';
import { writeBatch } from './write-batch.ts';

const lastSkip = 999_999_999;

/** What runs found on the pages of listings, in MongoDB. */
export function createPageStore({ model }: { readonly model: Model<PageDocument> }): PageStore {
  const between = (storeId: string, skip: number): { readonly _id: object } => ({
    _id: { $gte: pageIdOf(storeId, skip), $lte: pageIdOf(storeId, lastSkip) },
  });
  return {
    async from(storeId, skip, limit) {
      const documents = await model
        .find(between(storeId, skip))
        .sort({ _id: 1 })
        .limit(limit)
        .lean<PageDocument[]>();
      return documents.map(toPage);
    },
    async put(storeId, pages) {
      await writeBatch(
        model,
        pages.map((page) => {
          const replacement = toPageDocument(storeId, page);
          const filter = { _id: replacement._id };
          return { replaceOne: { filter, replacement, upsert: true } };
        }),
      );
    },
    async removeFrom(storeId, skip) {
      await model.deleteMany(between(storeId, skip));
    },
  };
}
