import type { Model, QueryFilter } from 'mongoose';
import type { ScimSearch } from '../ports/scim.ts';
import { type CompileContext, compileFilter, type Query, storedField } from './scim-filter.ts';

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
  const total = await model.countDocuments(filter);
  const ranges = rangesOf(sort);
  async function* resources(): AsyncGenerator<Resource> {
    let before = 0;
    for (const [at, { condition, order }] of ranges.entries()) {
      const range = { $and: [filter, condition] } as QueryFilter<Document>;
      const rest = skip + limit - Math.max(skip, before);
      if (rest <= 0) return;
      // What filters look at is not read: it is as large as the resource itself.
      const found = model
        .find(range, { search: 0 })
        .sort(order)
        .skip(Math.max(0, skip - before))
        .limit(rest)
        .lean<Document[]>()
        .cursor({ batchSize: documentsAtOnce });
      for await (const document of found) yield read(document as Document);
      if (at < ranges.length - 1) before += await model.countDocuments(range);
    }
  }
  return { total, resources: resources() };
}

/** One part of all that match, with its order. */
interface Range {
  readonly condition: Query;
  readonly order: Readonly<Record<string, 1 | -1>>;
}

/**
 * Resources without the value that a list is sorted by come last, or first when it is descending (RFC 7644, section
 * 3.4.2.3), where a database has them the other way round: the two kinds are read one after the other.
 */
function rangesOf(sort: ScimSearch['sort']): readonly Range[] {
  const field = sort === null ? '_id' : storedField(sort.path);
  const direction = sort?.descending === true ? -1 : 1;
  const order: Range['order'] =
    field === '_id' ? { _id: direction } : { [field]: direction, _id: 1 };
  if (!field.startsWith('search.')) return [{ condition: {}, order }];
  const having: Range = { condition: { [field]: { $exists: true } }, order };
  const lacking: Range = { condition: { [field]: { $exists: false } }, order: { _id: 1 } };
  return sort?.descending === true ? [lacking, having] : [having, lacking];
}
