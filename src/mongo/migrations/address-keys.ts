import type { Connection, mongo } from 'mongoose';
import { emailKeyOf } from '../../core/email.ts';
import { emailRisk } from '../../core/plan/risks.ts';
import type { MemberDocument } from '../models/member.model.ts';
import type { RecordDocument } from '../models/record.model.ts';
import { oneOf } from '../one-of.ts';
import { isDuplicateKey } from '../write-batch.ts';

const pageSize = 1000;

/** Keys of earlier releases that differ today: they have an international domain, in either spelling. */
const international = { $regex: '@.*(xn--|[^ -~])' };

/** How far this came: the last id that is done, by collection. */
interface Progress {
  readonly _id: string;
  readonly members?: string;
  readonly records?: string;
  readonly done?: true;
}

/**
 * Computes the stored address keys again: for earlier releases, a domain and its punycode were two. It is done once, in
 * pages, goes on where it stopped, and may be repeated, also by several processes at once.
 */
export async function renewAddressKeys(connection: Connection): Promise<void> {
  const migrations = connection.collection<Progress>('migrations');
  const which = { _id: 'address-keys' };
  const progress = await migrations.findOne(which);
  if (progress?.done === true) return;
  const note = async (parts: Partial<Progress>): Promise<void> => {
    await migrations.updateOne(which, { $set: parts }, { upsert: true });
  };
  await renewMembers(connection, progress?.members, (last) => note({ members: last }));
  await renewRecords(connection, progress?.records, (last) => note({ records: last }));
  await note({ done: true });
}

type Note = (last: string) => Promise<void>;
type Holder = Pick<MemberDocument, '_id' | 'createdAt'> & { readonly emailKey: string };
type Members = mongo.Collection<MemberDocument>;

async function renewMembers(
  connection: Connection,
  after: string | undefined,
  note: Note,
): Promise<void> {
  const members = connection.collection<MemberDocument>('members');
  const read = (last = '') =>
    members
      .find({ _id: { $gt: last }, emailKey: international })
      .sort({ _id: 1 })
      .limit(pageSize)
      .project<Holder>({ emailKey: 1, createdAt: 1 })
      .toArray();
  let last = after;
  for (let page = await read(last); page.length > 0; page = await read(last)) {
    if (!(await renewPage(members, page))) continue;
    last = page.at(-1)?._id ?? '';
    await note(last);
  }
}

/** Of members with one key, the oldest keeps it. The others stay as they are, without a key. False: to be repeated. */
async function renewPage(members: Members, page: readonly Holder[]): Promise<boolean> {
  const renewed = page.filter(({ emailKey }) => emailKeyOf(emailKey) !== emailKey);
  if (renewed.length === 0) return true;
  const keys = [...new Set(renewed.map(({ emailKey }) => emailKeyOf(emailKey)))];
  const holders = await members
    .find({ emailKey: oneOf(keys) })
    .project<Holder>({ emailKey: 1, createdAt: 1 })
    .toArray();
  const oldest = new Map<string, Holder>();
  for (const member of [...holders, ...renewed]) {
    const key = emailKeyOf(member.emailKey);
    const rival = oldest.get(key);
    if (rival === undefined || isOlder(member, rival)) oldest.set(key, member);
  }
  const winners = new Set([...oldest.values()].map(({ _id }) => _id));
  const losers = [...holders, ...renewed].filter(({ _id }) => !winners.has(_id));
  // Without a fingerprint the next run looks at the member again, and reports the conflict.
  const $unset = { emailKey: '', fingerprint: '' } as const;
  await writeEach(members, losers, () => ({ $unset }));
  return writeEach(
    members,
    renewed.filter(({ _id }) => winners.has(_id)),
    ({ emailKey }) => ({ $set: { emailKey: emailKeyOf(emailKey) } }),
  );
}

function isOlder(one: Holder, other: Holder): boolean {
  const ageMs = other.createdAt.getTime() - one.createdAt.getTime();
  return ageMs === 0 ? one._id < other._id : ageMs > 0;
}

/** Writes members that still have the key that was read; false when another process gave a key away meanwhile. */
async function writeEach(
  members: Members,
  holders: readonly Holder[],
  update: (holder: Holder) => mongo.UpdateFilter<MemberDocument>,
): Promise<boolean> {
  if (holders.length === 0) return true;
  const writes = holders.map((holder) => {
    const { _id, emailKey } = holder;
    return { updateOne: { filter: { _id, emailKey }, update: update(holder) } };
  });
  try {
    await members.bulkWrite(writes, { ordered: false });
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return false;
  }
}

async function renewRecords(
  connection: Connection,
  after: string | undefined,
  note: Note,
): Promise<void> {
  const records = connection.collection<RecordDocument>('records');
  const projection = { claim: 1, risks: 1, changes: 1 };
  const hasKey = ['claim', 'risks', 'changes.from', 'changes.to'].map((path) => ({
    [path]: international,
  }));
  const read = (last = '') =>
    records
      .find({ _id: { $gt: last }, $or: hasKey }, { projection })
      .sort({ _id: 1 })
      .limit(pageSize)
      .toArray();
  for (let page = await read(after); page.length > 0; page = await read(page.at(-1)?._id)) {
    const updates = page.flatMap((record) => renewRecord(record) ?? []);
    if (updates.length > 0) await records.bulkWrite(updates, { ordered: false });
    await note(page.at(-1)?._id ?? '');
  }
}

/** Each key alone, where it is still as it was read: an erasure may remove it meanwhile. Null when nothing differs. */
function renewRecord({ _id, claim, risks = [], changes }: RecordDocument) {
  const keys: (readonly [path: string, key: string | null | undefined])[] = [
    ['claim', claim],
    ...risks.map((risk, at) => [`risks.${at}`, risk] as const),
    ...changes.flatMap(({ field, from, to }, at) =>
      field === 'emailKey'
        ? ([
            [`changes.${at}.from`, from],
            [`changes.${at}.to`, to],
          ] as const)
        : [],
    ),
  ];
  const renewed = keys.flatMap(([path, key]) => {
    const next = renewText(key ?? '');
    return next === (key ?? '') ? [] : [{ path, key, next }];
  });
  if (renewed.length === 0) return null;
  const filter = { _id, ...Object.fromEntries(renewed.map(({ path, key }) => [path, key])) };
  const $set = Object.fromEntries(renewed.map(({ path, next }) => [path, next]));
  return { updateOne: { filter, update: { $set } } };
}

/** A key, or a risk, of which only those about an address have a key. */
function renewText(text: string): string {
  if (text.startsWith(emailRisk)) return emailRisk + emailKeyOf(text.slice(emailRisk.length));
  return text.includes('@') ? emailKeyOf(text) : text;
}
