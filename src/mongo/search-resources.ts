import type { Model, QueryFilter } from 'mongoose';
import type { ScimSearch } from '../ports/scim.ts';
import { type CompileContext, compileFilter, storedField } from './scim-filter.ts';

/** A query whose documents can be read as plain objects. */
export interface PlainRead {
  lean<Documents>(): PromiseLike<Documents>;
}

/** Few enough for resources that were stored before they had a limit. */
const documentsAtOnce = 50;

/**
 * Finds one page of the resources that match, and counts all that match. `among` limits both to some
 * documents. Ties go by id, so that pages don't overlap.
 */
export async function searchResources<Document, Resource>(
  model: Model<Document>,
  { storeId, filter: asked, sort, skip, limit }: ScimSearch,
  about: CompileContext & {
    readonly among: object;
    readonly read: (document: Document) => Resource;
  },
): Promise<{ readonly total: number; readonly resources: AsyncIterable<Resource> }> {
  const { among, read, ...context } = about;
  const filter = {
    storeId,
    ...among,
    ...(asked !== null && { $and: [compileFilter(asked, context)] }),
  } as QueryFilter<Document>;
  const direction = sort?.descending === true ? -1 : 1;
  const order: Readonly<Record<string, 1 | -1>> =
    sort === null ? {} : { [storedField(sort.path)]: direction };
  const total = await model.countDocuments(filter);
  async function* resources(): AsyncGenerator<Resource> {
    if (limit === 0) return;
    // What filters look at is not read: it is as large as the resource itself.
    const found = model
      .find(filter, { search: 0 })
      .sort({ ...order, _id: order['_id'] ?? 1 })
      .skip(skip)
      .limit(limit)
      .lean<Document[]>()
      .cursor({ batchSize: documentsAtOnce });
    for await (const document of found) yield read(document as Document);
  }
  return { total, resources: resources() };
}
