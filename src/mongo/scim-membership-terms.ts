import { type Attribute, attributeNamed } from '../core/scim/attribute.ts';
import { comparable, valueTest } from '../core/scim/match-value.ts';
import type { Filter } from '../core/scim/parse-filter.ts';
import { resolvePath } from '../core/scim/resolve-path.ts';
import type { ResourceType } from '../core/scim/schemas.ts';
import { badRequest } from '../core/scim/scim-error.ts';
import type { ScimSearch } from '../ports/scim.ts';
import type { ScimModels } from './models/scim.model.ts';
import { compare, compileLogic, nothing, type Query, unsearchable } from './scim-filter.ts';

/** All terms of a filter find at most so many resources by memberships: their ids are listed to the database. */
const mostFound = 50_000;

/** The attribute that shows memberships, and where the parts of one are stored. */
interface Place {
  readonly list: string;
  readonly keys: Readonly<Record<string, string>>;
  /** The `type` of each value. */
  readonly type: string;
}

const places: Readonly<Record<ResourceType, Place>> = {
  User: { list: 'groups', keys: { value: '_id', display: 'search.displayName' }, type: 'direct' },
  Group: { list: 'members', keys: { value: 'userId' }, type: 'User' },
};

type Models = Pick<ScimModels, 'groups' | 'memberships'>;
type Leaf = Exclude<Filter, { readonly op: 'and' | 'or' | 'not' }>;

/**
 * The terms of a filter that ask for the `groups` of users or the `members` of groups, each as the query that it stands
 * for: memberships are in a collection of their own, and are read before the filter is compiled. `ScimError`
 * `invalidFilter`, or `tooMany`.
 */
export async function membershipTerms(
  models: Models,
  type: ResourceType,
  { storeId, filter }: ScimSearch,
): Promise<ReadonlyMap<Filter, Query>> {
  const terms = new Map<Filter, Query>();
  let most = mostFound;
  for (const leaf of filter === null ? [] : leavesOf(type, filter)) {
    const find = async (element: Filter | null): Promise<Query> => {
      const ids = await having(models, { type, storeId, element, most });
      most -= ids.length;
      return { _id: { $in: ids } };
    };
    terms.set(leaf, await queryOf(type, leaf, find));
  }
  return terms;
}

function leavesOf(type: ResourceType, filter: Filter): readonly Leaf[] {
  if (filter.op === 'and' || filter.op === 'or') {
    return filter.filters.flatMap((each) => leavesOf(type, each));
  }
  if (filter.op === 'not') return leavesOf(type, filter.filter);
  const { list } = places[type];
  return resolvePath(type, filter.attrPath)?.path.split('.')[0] === list ? [filter] : [];
}

/** `find` finds the resources with a membership that meets a filter; null: with any. */
async function queryOf(
  type: ResourceType,
  leaf: Leaf,
  find: (element: Filter | null) => Promise<Query>,
): Promise<Query> {
  if (leaf.op === '[]') return find(leaf.valFilter);
  if (leaf.op === 'pr') return find(null);
  const [, sub = 'value'] = resolvePath(type, leaf.attrPath)?.path.split('.') ?? [];
  const element = { ...leaf, attrPath: sub };
  const isNull = leaf.compValue === null;
  // `ne` means that no value is equal, as for other lists.
  if (leaf.op === 'eq' && isNull) return { $nor: [await find(null)] };
  if (leaf.op === 'ne')
    return isNull ? find(null) : { $nor: [await find({ ...element, op: 'eq' })] };
  return find(element);
}

async function having(
  { groups, memberships }: Models,
  asked: {
    readonly type: ResourceType;
    readonly storeId: string;
    readonly element: Filter | null;
    readonly most: number;
  },
): Promise<readonly string[]> {
  const { type, storeId, element, most } = asked;
  const place = places[type];
  const attributes = resolvePath(type, place.list)?.attribute.subAttributes ?? [];
  let wanted: Query = element === null ? {} : compileElement(element, place, attributes);
  if (type === 'User' && element !== null) {
    const found = await groups
      .find({ storeId, $and: [wanted] }, { _id: 1 })
      .limit(most + 1)
      .lean<{ _id: string }[]>();
    wanted = { groupId: { $in: withinMost(found, most) } };
  }
  const owners = await memberships.aggregate<{ _id: string }>([
    { $match: { storeId, ...wanted } },
    { $group: { _id: type === 'User' ? '$userId' : '$groupId' } },
    { $limit: most + 1 },
  ]);
  return withinMost(owners, most);
}

function withinMost(found: readonly { readonly _id: string }[], most: number): readonly string[] {
  if (found.length <= most) return found.map(({ _id }) => _id);
  throw badRequest('tooMany', `The filter finds more than ${mostFound} by their memberships.`);
}

/** A filter on one membership. */
function compileElement(filter: Filter, place: Place, attributes: readonly Attribute[]): Query {
  const joined = compileLogic(filter, (each) => compileElement(each, place, attributes));
  if (joined !== null) return joined;
  const leaf = filter as Leaf;
  const attribute = attributeNamed(attributes, leaf.attrPath);
  if (attribute === undefined || leaf.op === '[]') throw unsearchable(leaf.attrPath);
  if (leaf.op === 'pr') return {};
  if (attribute.name === 'type') {
    const test = valueTest(leaf, attributes, (value) => comparable(attribute, value['type']));
    return test({ type: place.type }) ? {} : nothing;
  }
  const key = place.keys[attribute.name];
  if (key === undefined) throw unsearchable(leaf.attrPath);
  return compare(key, attribute, leaf);
}
