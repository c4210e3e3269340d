import type { Model, QueryFilter } from 'mongoose';
import type { ScimSearch } from '../ports/scim.ts';

/** One page of the resources that fit, and how many do. Ties go by id, so that pages don't overlap. */
export async function searchResources<Document>(
  model: Model<Document>,
  { storeId, where, sort, skip, limit }: ScimSearch,
  among: object,
): Promise<{ readonly total: number; readonly documents: readonly Document[] }> {
  const filter = {
    storeId,
    ...among,
    ...(where !== null && { $and: [where] }),
  } as QueryFilter<Document>;
  const order = sort === null ? {} : ({ [sort.path]: sort.descending ? -1 : 1 } as const);
  const [total, documents] = await Promise.all([
    model.countDocuments(filter),
    limit === 0
      ? []
      : model
          .find(filter)
          .sort({ ...order, ...(sort?.path !== '_id' && { _id: 1 }) })
          .skip(skip)
          .limit(limit)
          .lean<Document[]>(),
  ]);
  return { total, documents };
}
