import type { Model, QueryFilter } from 'mongoose';
import { defined } from '../core/defined.ts';
import { type MemberSort, wordsToFind } from '../core/member-search.ts';
import type { Member } from '../core/model/member.ts';
import type { Clock } from '../ports/clock.ts';
import type {
  MemberHead,
  MemberListFilter,
  MemberPage,
  MemberPageFilter,
  MemberSearch,
  MemberStore,
} from '../ports/members.ts';
import { createMemberCounts } from './member-counts.ts';
import { createMemberGroups } from './member-groups.ts';
import { createMemberWrites } from './member-writes.ts';
import { type MemberDocument, toMember } from './models/member.model.ts';
import type { Models } from './models/models.ts';
import { oneOf } from './one-of.ts';

const placesAtOnce = 5000;
const membersAtOnce = 500;

type Parts = Pick<Models, 'members' | 'stores'> & { readonly clock: Clock };

/** Members in MongoDB. */
export function createMemberStore({ members: model, stores, clock }: Parts): MemberStore {
  const counts = createMemberCounts({ members: model, stores, clock });
  const one = async (filter: Filter): Promise<Member | null> => {
    const document = await model.findOne(filter).lean<MemberDocument>();
    return document === null ? null : toMember(document);
  };
  const many = async (filter: Filter): Promise<readonly Member[]> =>
    (await model.find(filter).lean<MemberDocument[]>()).map(toMember);
  /** A count by store and status, from the kept counts; null when these do not tell it. */
  const keptCount = async (
    { storeId, status, ...others }: MemberListFilter,
    limit: number | undefined,
  ): Promise<number | null> => {
    // Members without a store are in no kept count.
    if (storeId === undefined || Object.keys(others).length > 0) return null;
    // To count up to a limit is quicker than to make the counts of a store anew.
    const kept = await (limit === undefined ? counts.of(storeId) : counts.kept(storeId));
    if (kept === null) return null;
    const count = status === undefined ? kept.active + kept.inactive : kept[status];
    return Math.min(count, limit ?? count);
  };
  return {
    ...createMemberWrites(model, { clock, counts }),
    ...createMemberGroups(model, clock),
    get: (id) => one({ _id: id }),
    byIds: (ids) => many({ _id: { $in: [...ids] } }),
    byEmailKey: (emailKey) => one({ emailKey }),
    byEmailKeys: (emailKeys) => many({ emailKey: oneOf(emailKeys) }),
    async withoutClaim(limit) {
      const documents = await model
        .find({
          emailKey: { $exists: false },
          'fields.email': { $exists: true },
          inactiveCause: { $ne: 'gone' },
        })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<MemberDocument[]>();
      return documents.map(toMember);
    },
    bySourceIds: (storeId, externalIds) => many({ storeId, externalId: { $in: [...externalIds] } }),
    keptFrom: ({ directory, orgId }, externalIds) =>
      many({
        'keptFrom.orgId': orgId,
        'keptFrom.directory': directory,
        externalId: { $in: [...externalIds] },
      }),
    async hasKeptFrom({ directory, orgId }) {
      const filter = { 'keptFrom.orgId': orgId, 'keptFrom.directory': directory };
      return (await model.exists(filter).lean()) !== null;
    },
    async headsInIdRange({ storeId, after, upTo, limit }) {
      const externalId = {
        ...(after === null ? { $exists: true } : { $gt: after }),
        ...(upTo !== null && { $lte: upTo }),
      };
      const documents = await model
        .find({ storeId, externalId }, headParts)
        .sort({ storeId: 1, externalId: 1 })
        .limit(limit)
        // One answer contains them all; the driver would otherwise read 101 first.
        .batchSize(limit)
        .lean<MemberDocument[]>();
      return documents.map(toHead);
    },
    counts: (storeId) => counts.of(storeId),
    list: (filter) => listMembers(model, matching(filter)),
    async count(filter, limit) {
      const kept = await keptCount(filter, limit);
      if (kept !== null) return kept;
      return model.countDocuments(matching(filter), limit === undefined ? {} : { limit }).exec();
    },
    search: createSearch(model),
    marks: (asked) => readMarks(model, asked),
    page: (filter) => readPage(model, filter),
  };
}

type Filter = QueryFilter<MemberDocument>;

/** The last character of Unicode: nothing that begins with a prefix sorts after the prefix and this. */
const lastCharacter = '\u{10ffff}';

/** In the order of the index that finds them, so that the cost of a page depends on its size alone. */
async function readPage(
  model: Model<MemberDocument>,
  { storeId, status, emailPrefix, namePrefix, after, limit }: MemberPageFilter,
): Promise<MemberPage> {
  const by = emailPrefix !== undefined ? 'emailKey' : storeId === undefined ? '_id' : 'externalId';
  const range = {
    ...(emailPrefix !== undefined && { $gte: emailPrefix, $lt: emailPrefix + lastCharacter }),
    ...(after !== undefined && { $gt: after }),
  };
  const documents = await model
    .find({
      ...defined({ storeId, status }),
      ...(namePrefix !== undefined && isNamed(namePrefix)),
      ...(Object.keys(range).length > 0 && { [by]: range }),
    })
    .sort(by === 'externalId' ? { storeId: 1, externalId: 1 } : { [by]: 1 })
    .limit(limit + 1)
    .lean<MemberDocument[]>();
  const members = documents.slice(0, limit).map(toMember);
  const last = documents.length > limit ? documents[limit - 1] : undefined;
  return { members, next: last?.[by] ?? null };
}

const nameFields = ['firstName', 'lastName', 'displayName'];

function isNamed(prefix: string): Filter {
  const $regex = beginning(prefix);
  return { $or: nameFields.map((name) => ({ [`fields.${name}`]: { $regex, $options: 'i' } })) };
}

const beginning = (text: string): string => `^${text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}`;

function matching({ search = '', department, ...same }: MemberListFilter): Filter {
  const words = wordsToFind(search).map((word) => ({
    'search.words': { $regex: beginning(word) },
  }));
  return {
    ...same,
    ...(department !== undefined && { 'fields.department': department }),
    ...(words.length > 0 && { $and: words }),
  };
}

function orderOf(sort: MemberSort) {
  const by = `search.${sort}` as const;
  return { by, way: sort === 'updated' ? -1 : 1 } as const;
}

/** For so many lists it is remembered where the first page ended. */
const mostEnds = 100;

/**
 * Reads parts of sorted lists. An engine that can't read in the order of an index sorts all that is in the range asked
 * for, so a first page is asked for up to where it ended the last time. When that has become too little, the range is
 * asked for without this end: the answer is right whatever was remembered.
 */
function createSearch(model: Model<MemberDocument>): MemberStore['search'] {
  const ends = new Map<string, string>();
  const remember = (list: string, end: string | undefined): void => {
    ends.delete(list);
    if (end !== undefined) ends.set(list, end);
    const [oldest] = ends.keys();
    if (ends.size > mostEnds && oldest !== undefined) ends.delete(oldest);
  };
  return async (asked) => {
    const { sort, after, upTo, limit, ...filter } = asked;
    const isWhole = after === undefined && upTo === undefined;
    // What is typed is seldom asked for twice, and finds few.
    if (!isWhole || filter.search !== undefined) return toPage(await readPart(model, asked), asked);
    const list = JSON.stringify([sort, limit, filter]);
    const end = ends.get(list);
    let documents = end === undefined ? [] : await readPart(model, { ...asked, upTo: end });
    if (documents.length <= limit) documents = await readPart(model, asked);
    remember(list, documents[limit]?.search?.[sort]);
    return toPage(documents, asked);
  };
}

/** One more than `limit`, if there are so many. */
async function readPart(
  model: Model<MemberDocument>,
  { sort, after, upTo, limit, ...filter }: MemberSearch,
): Promise<readonly MemberDocument[]> {
  const { by, way } = orderOf(sort);
  const [beyond, within] = way === 1 ? (['$gt', '$lte'] as const) : (['$lt', '$gte'] as const);
  const range = {
    ...(after !== undefined && { [beyond]: after }),
    ...(upTo !== undefined && { [within]: upTo }),
  };
  // Without an end, a condition on the key would have all of its index read beside that of the filter.
  const keyed = Object.keys(range).length > 0 ? { [by]: range } : { search: { $exists: true } };
  return (
    model
      .find({ ...matching(filter), ...keyed })
      .sort({ [by]: way })
      .limit(limit + 1)
      // One answer contains them all; the driver would otherwise read 101 first.
      .batchSize(limit + 1)
      .lean<MemberDocument[]>()
  );
}

function toPage(
  documents: readonly MemberDocument[],
  { sort, limit }: Pick<MemberSearch, 'sort' | 'limit'>,
): MemberPage {
  const members = documents.slice(0, limit).map(toMember);
  const last = documents.length > limit ? documents[limit - 1] : undefined;
  return { members, next: last?.search?.[sort] ?? null };
}

async function readMarks(
  model: Model<MemberDocument>,
  { sort, every, limit, ...filter }: Parameters<MemberStore['marks']>[0],
): Promise<readonly string[]> {
  const { by, way } = orderOf(sort);
  const marks = await model.aggregate<{ key: string }>([
    { $match: { ...matching(filter), [by]: { $gt: '' } } },
    { $project: { _id: 0, key: `$${by}` } },
    { $setWindowFields: { sortBy: { key: way }, output: { place: { $documentNumber: {} } } } },
    { $match: { $expr: { $eq: [{ $mod: ['$place', every] }, 0] } } },
    { $limit: limit },
  ]);
  return marks.map(({ key }) => key);
}

const headParts = { _id: 0, externalId: 1, fingerprint: 1, inactiveCause: 1, absence: 1 } as const;

function toHead(document: MemberDocument): MemberHead {
  const { externalId = '', fingerprint = null, inactiveCause = null, absence = null } = document;
  return { externalId, fingerprint, inactiveCause, absence };
}

/**
 * Reads the ids in order, many at a time, and then their members: no index has the order of source ids across stores,
 * so each of the first reads may go through all members. No cursor waits for a slow reader.
 */
async function* listMembers(model: Model<MemberDocument>, filter: Filter): AsyncGenerator<Member> {
  // A missing source id sorts first in MongoDB; here it comes last.
  const withSourceId = { ...filter, externalId: { $exists: true } };
  const withoutSourceId = { ...filter, externalId: { $exists: false } };
  yield* walk(model, filter, (last) =>
    last === undefined ? withSourceId : { $and: [filter, isAfter(last)] },
  );
  yield* walk(model, filter, (last) => ({
    ...withoutSourceId,
    ...(last !== undefined && { _id: { $gt: last._id } }),
  }));
}

type Place = Pick<MemberDocument, '_id' | 'externalId'>;

function isAfter({ _id, externalId }: Place): Filter {
  const from = externalId ?? '';
  // Two members may have one source id when they come from different stores.
  return {
    externalId: { $gte: from },
    $or: [{ externalId: { $gt: from } }, { _id: { $gt: _id } }],
  };
}

async function* walk(
  model: Model<MemberDocument>,
  filter: Filter,
  after: (last: Place | undefined) => Filter,
): AsyncGenerator<Member> {
  let last: Place | undefined;
  do {
    const places = await model
      .find(after(last), { externalId: 1 })
      .sort({ externalId: 1, _id: 1 })
      .limit(placesAtOnce)
      .batchSize(placesAtOnce)
      .lean<Place[]>();
    for (let at = 0; at < places.length; at += membersAtOnce) {
      yield* await readAt(model, filter, places.slice(at, at + membersAtOnce));
    }
    last = places.length < placesAtOnce ? undefined : places.at(-1);
  } while (last !== undefined);
}

/** Those of these members that a filter still finds, in this order. */
async function readAt(
  model: Model<MemberDocument>,
  filter: Filter,
  places: readonly Place[],
): Promise<readonly Member[]> {
  const documents = await model
    .find({ $and: [filter, { _id: { $in: places.map(({ _id }) => _id) } }] })
    .batchSize(membersAtOnce)
    .lean<MemberDocument[]>();
  const byId = new Map(documents.map((document) => [document._id, document]));
  return places.flatMap(({ _id }) => {
    const document = byId.get(_id);
    return document === undefined ? [] : [toMember(document)];
  });
}
