import type { Model, QueryFilter } from 'mongoose';
import { defined } from '../core/defined.ts';
import { emailKeyOf } from '../core/email.ts';
import type { Member } from '../core/model/member.ts';
import type { Clock } from '../ports/clock.ts';
import type {
  MemberHead,
  MemberListFilter,
  MemberPage,
  MemberPageFilter,
  MemberStore,
} from '../ports/members.ts';
import { createMemberCounts } from './member-counts.ts';
import { createMemberWrites } from './member-writes.ts';
import { type MemberDocument, toMember } from './models/member.model.ts';
import type { Models } from './models/models.ts';
import { oneOf } from './one-of.ts';

const listPageSize = 2000;

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
  return {
    ...createMemberWrites(model, { clock, counts }),
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
    count: (filter) => model.countDocuments(matching(filter)).exec(),
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
  return { $or: nameFields.map((name) => begins(name, prefix)) };
}

function begins(field: string, prefix: string): Filter {
  const $regex = `^${prefix.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}`;
  return { [`fields.${field}`]: { $regex, $options: 'i' } };
}

function matching({ search, ...same }: MemberListFilter): Filter {
  if (search === undefined) return same;
  const key = emailKeyOf(search);
  const hasKey = { emailKey: { $gte: key, $lt: key + lastCharacter } };
  // A member without a claim on its address shows it all the same.
  return {
    ...same,
    $or: [hasKey, ...['email', ...nameFields].map((field) => begins(field, search))],
  };
}

const headParts = { _id: 0, externalId: 1, fingerprint: 1, inactiveCause: 1, absence: 1 } as const;

function toHead(document: MemberDocument): MemberHead {
  const { externalId = '', fingerprint = null, inactiveCause = null, absence = null } = document;
  return { externalId, fingerprint, inactiveCause, absence };
}

/** Continues after the last member of each page, so that no cursor waits for a slow reader. */
async function* listMembers(model: Model<MemberDocument>, filter: Filter): AsyncGenerator<Member> {
  // A missing source id sorts first in MongoDB; here it comes last.
  const withSourceId = { ...filter, externalId: { $exists: true } };
  yield* walk((last) =>
    model
      .find(last === undefined ? withSourceId : { $and: [filter, isAfter(last)] })
      .sort({ externalId: 1, _id: 1 })
      .limit(listPageSize)
      .lean<MemberDocument[]>(),
  );
  const withoutSourceId = { ...filter, externalId: { $exists: false } };
  yield* walk((last) =>
    model
      .find({ ...withoutSourceId, ...(last !== undefined && { _id: { $gt: last._id } }) })
      .sort({ _id: 1 })
      .limit(listPageSize)
      .lean<MemberDocument[]>(),
  );
}

function isAfter({ _id, externalId }: MemberDocument): Filter {
  const from = externalId ?? '';
  // Two members may have one source id when they come from different stores.
  return {
    externalId: { $gte: from },
    $or: [{ externalId: { $gt: from } }, { _id: { $gt: _id } }],
  };
}

async function* walk(
  readPage: (last: MemberDocument | undefined) => PromiseLike<MemberDocument[]>,
): AsyncGenerator<Member> {
  let page = await readPage(undefined);
  while (page.length > 0) {
    for (const document of page) yield toMember(document);
    page = page.length < listPageSize ? [] : await readPage(page.at(-1));
  }
}
