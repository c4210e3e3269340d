import type { Model, QueryFilter } from 'mongoose';
import type { ScimSearch } from '../ports/scim.ts';
import { type CompileContext, compileFilter, storedField } from './scim-filter.ts';

/** A query whose documents can be read as plain objects. */
export interface PlainRead {
  lean<Documents>(): PromiseLike<Documents>;
}

/**
 * Finds one page of the resources that match, and counts all that match. `among` limits both to some
 * documents. Ties go by id, so that pages don't overlap.
 */
export async function searchResources<Document>(
  model: Model<Document>,
  { storeId, filter: asked, sort, skip, limit }: ScimSearch,
  { among, ...context }: CompileContext & { readonly among: object },
): Promise<{ readonly total: number; readonly documents: readonly Document[] }> {
  const filter = {
    storeId,
    ...among,
    ...(asked !== null && { $and: [compileFilter(asked, context)] }),
  } as QueryFilter<Document>;
  const direction = sort?.descending === true ? -1 : 1;
  const order: Readonly<Record<string, 1 | -1>> =
    sort === null ? {} : { [storedField(sort.path)]: direction };
  const [total, documents] = await Promise.all([
    model.countDocuments(filter),
    limit === 0
      ? []
      : model
          .find(filter)
          .sort({ ...order, _id: order['_id'] ?? 1 })
          .skip(skip)
          .limit(limit)
          .lean<Document[]>(),
  ]);
  return { total, documents };
}
