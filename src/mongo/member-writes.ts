import type { Model } from 'mongoose';
import {
  type SearchKeys,
  searchedFields,
  searchKeysOf,
  updatedKey,
} from '../core/member-search.ts';
import type { Member } from '../core/model/member.ts';
import { type MemberPatch, withoutBlanks } from '../core/plan/apply-record.ts';
import type { Clock } from '../ports/clock.ts';
import type { MemberStore, MemberUpdate, WriteFailure, WriteOutcome } from '../ports/members.ts';
import type { MemberCounts } from './member-counts.ts';
import { type MemberDocument, toMemberDocument } from './models/member.model.ts';
import { type BulkOutcome, duplicateKeyCode, insertBatch, writeBatch } from './write-batch.ts';

type MemberWrites = Pick<
  MemberStore,
  | 'insertMany'
  | 'updateMany'
  | 'deleteMany'
  | 'releaseEmailKeys'
  | 'markGone'
  | 'noteAbsences'
  | 'noteFingerprints'
>;

/** One write of a batch, with the address that it claims for its member. */
interface Write extends Pick<MemberPatch, 'emailKey' | 'storeId' | 'externalId'> {
  readonly id: string;
  readonly recordId: string;
}

/** How a kind of write reads its result from the database afterwards. */
interface ResultRules {
  /** Whether the write took effect, now or in an earlier attempt. */
  readonly tookEffect: (found: Found | undefined, write: Write) => boolean;
  /** Why it didn't although the member exists, other than a refusal of the server. */
  readonly present: WriteFailure;
}

type Found = Pick<MemberDocument, '_id' | 'lastRecord'>;

const changedMeanwhile: WriteFailure = {
  code: 'changed',
  error: 'the member was changed meanwhile',
};
const wroteRecord: ResultRules['tookEffect'] = (found, write) =>
  found?.lastRecord === write.recordId;
const insertion: ResultRules = {
  tookEffect: wroteRecord,
  present: { code: 'exists', error: 'there is a member with this id already' },
};
const update: ResultRules = { tookEffect: wroteRecord, present: changedMeanwhile };
const removal: ResultRules = {
  tookEffect: (found) => found === undefined,
  present: changedMeanwhile,
};

/**
 * The writes of a run: unordered batches of compare-and-set operations, so that a late write does no harm and an
 * interrupted batch can be repeated. The result is read back only when the counts don't show it.
 */
export function createMemberWrites(
  model: Model<MemberDocument>,
  { clock, counts }: { readonly clock: Clock; readonly counts: MemberCounts },
): MemberWrites {
  /** The stores that have the members of these writes. */
  async function storesOf(
    writes: readonly Pick<MemberUpdate, 'id' | 'fromStore'>[],
  ): Promise<readonly string[]> {
    const known = writes.flatMap(({ fromStore }) => fromStore ?? []);
    const open = writes.filter(({ fromStore }) => fromStore == null);
    if (open.length === 0) return known;
    const found = await model
      .find({ _id: { $in: open.map(({ id }) => id) }, storeId: { $exists: true } }, { storeId: 1 })
      .lean<Pick<MemberDocument, '_id' | 'storeId'>[]>();
    return [...known, ...found.flatMap(({ storeId }) => storeId ?? [])];
  }
  /** Writes that add, move or remove members, or change their status. */
  const whileCounted = <T>(
    storeIds: readonly (string | null | undefined)[],
    write: () => Promise<T>,
  ): Promise<T> => {
    const known = new Set(storeIds.filter((id) => id != null));
    return known.size === 0 ? write() : counts.duringWrite([...known], write);
  };
  async function updateEach<T>(
    all: readonly T[],
    write: (one: T) => { readonly filter: object; readonly update: object },
  ): Promise<void> {
    await writeBatch(
      model,
      all.map((one) => ({ updateOne: write(one) })),
    );
  }
  return {
    async insertMany(members) {
      const writes = members.map((member) => ({ ...member, recordId: recordOf(member) }));
      const done = await whileCounted(
        members.map(({ storeId }) => storeId),
        () => insertBatch(model, members.map(toMemberDocument)),
      );
      if (done.inserted === writes.length) return allApplied(writes);
      return readResults(model, writes, done, insertion);
    },
    async updateMany(updates) {
      const writes = updates.map(({ id, recordId, set }) => ({ ...set, id, recordId }));
      const now = clock.now();
      const searchKeys = await searchKeysAfter(model, updates, now);
      const moving = updates.filter(
        ({ set: { status, storeId } }) => status !== undefined || storeId !== undefined,
      );
      const from = await storesOf(moving);
      const done = await whileCounted([...from, ...moving.map(({ set }) => set.storeId)], () =>
        writeBatch(
          model,
          updates.map((one) => ({
            updateOne: {
              filter: asPlanned(one),
              update: toUpdate(one, { now, search: searchKeys.get(one.id) }),
            },
          })),
        ),
      );
      if (done.matched === writes.length) return allApplied(writes);
      return readResults(model, writes, done, update);
    },
    async deleteMany(deletes) {
      const from = await storesOf(deletes);
      const done = await whileCounted(from, () =>
        writeBatch(
          model,
          deletes.map((one) => ({ deleteOne: { filter: asPlanned(one) } })),
        ),
      );
      if (done.deleted === deletes.length) return allApplied(deletes);
      return readResults(model, deletes, done, removal);
    },
    markGone: (members) =>
      updateEach(members, ({ id, revision }) => ({
        filter: { _id: id, revision, status: 'inactive' },
        update: { $set: { inactiveCause: 'gone' }, $unset: { fingerprint: '' } },
      })),
    noteAbsences: (notes) =>
      updateEach(notes, ({ id, absence }) => ({
        filter: { _id: id },
        update: absence === null ? { $unset: { absence: '' } } : { $set: { absence } },
      })),
    noteFingerprints: (notes) =>
      updateEach(notes, ({ id, revision, fingerprint }) => ({
        filter: { _id: id, revision },
        update: { $set: { fingerprint } },
      })),
    releaseEmailKeys: (releases) =>
      updateEach(releases, (one) => ({
        filter: asPlanned(one),
        update: { $unset: { emailKey: '', fingerprint: '' } },
      })),
  };
}

function recordOf({ id, lastRecord }: Member): string {
  if (lastRecord === null) throw new Error(`member ${id} is inserted without a record`);
  return lastRecord;
}

function asPlanned({ id, fromRevision }: Pick<MemberUpdate, 'id' | 'fromRevision'>): object {
  return { _id: id, revision: fromRevision };
}

/** Of the updates that change a searched field. Another revision than was read makes the update fail. */
async function searchKeysAfter(
  model: Model<MemberDocument>,
  updates: readonly MemberUpdate[],
  updatedAt: Date,
): Promise<ReadonlyMap<string, SearchKeys>> {
  const changing = updates.filter(({ set: { fields = {} } }) =>
    searchedFields.some((field) => fields[field] !== undefined),
  );
  if (changing.length === 0) return new Map();
  const found = await model
    .find({ _id: { $in: changing.map(({ id }) => id) } }, { fields: 1 })
    .lean<Pick<MemberDocument, '_id' | 'fields'>[]>();
  const fieldsOf = new Map(found.map(({ _id, fields }) => [_id, fields]));
  return new Map(
    changing.map(({ id, set }) => {
      const fields = withoutBlanks({ ...fieldsOf.get(id), ...set.fields });
      return [id, searchKeysOf({ id, fields, updatedAt })];
    }),
  );
}

/** A path that becomes null is unset. */
function toUpdate(
  { id, fromRevision, recordId, set: patch }: MemberUpdate,
  { now, search }: { readonly now: Date; readonly search: SearchKeys | undefined },
): object {
  const { fields = {}, custom = {}, ...rest } = patch;
  const values = Object.entries({
    ...rest,
    ...underPath('fields', fields),
    ...underPath('custom', custom),
  });
  const blank = values.filter(([, value]) => value === null);
  return {
    $set: {
      ...Object.fromEntries(values.filter(([, value]) => value !== null)),
      revision: fromRevision + 1,
      lastRecord: recordId,
      updatedAt: now,
      ...(search === undefined ? { 'search.updated': updatedKey(now, id) } : { search }),
    },
    ...(blank.length > 0 && { $unset: Object.fromEntries(blank.map(([path]) => [path, ''])) }),
  };
}

function underPath(path: string, values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${path}.${name}`, value]),
  );
}

function allApplied(writes: readonly Pick<Write, 'recordId'>[]): WriteOutcome {
  return { applied: writes.map(({ recordId }) => recordId), failed: [] };
}

async function readResults(
  model: Model<MemberDocument>,
  writes: readonly Write[],
  { refused }: BulkOutcome,
  rules: ResultRules,
): Promise<WriteOutcome> {
  const ids = writes.map(({ id }) => id);
  const found = await model.find({ _id: { $in: ids } }, { lastRecord: 1 }).lean<Found[]>();
  const foundById = new Map(found.map((document) => [document._id, document]));
  const applied: string[] = [];
  const failed: WriteOutcome['failed'][number][] = [];
  for (const [index, write] of writes.entries()) {
    const present = foundById.get(write.id);
    if (rules.tookEffect(present, write)) applied.push(write.recordId);
    else {
      const refusal = refused.get(index);
      const failure = await explainFailure(model, { write, present, refusal, rules });
      failed.push({ recordId: write.recordId, ...failure });
    }
  }
  return { applied, failed };
}

async function explainFailure(
  model: Model<MemberDocument>,
  failure: {
    readonly write: Write;
    readonly present: Found | undefined;
    /** The database's error code, when it refused the write. */
    readonly refusal: number | undefined;
    readonly rules: ResultRules;
  },
): Promise<WriteFailure> {
  const { write, present, refusal, rules } = failure;
  // An insertion also violates the index on `_id` when its member exists.
  if (refusal === undefined || (rules === insertion && present !== undefined)) {
    return present === undefined
      ? { code: 'gone', error: 'the member was removed meanwhile' }
      : rules.present;
  }
  if (refusal !== duplicateKeyCode) {
    return { code: 'refused', error: `the database refused the write (error ${refusal})` };
  }
  const { emailKey, storeId, externalId } = write;
  const others = { _id: { $ne: write.id } };
  if (emailKey) {
    const holder = await model.findOne({ emailKey, ...others }).lean<MemberDocument>();
    if (holder) {
      return { code: 'address-taken', error: `the e-mail address is held by ${describe(holder)}` };
    }
  }
  if (storeId && externalId) {
    const linked = await model.findOne({ storeId, externalId, ...others }).lean<MemberDocument>();
    if (linked) {
      return { code: 'source-id-taken', error: `the source id is linked to ${describe(linked)}` };
    }
  }
  return {
    code: 'address-or-source-id-taken',
    error: 'another member held the e-mail address or the source id',
  };
}

function describe({ _id, storeId }: MemberDocument): string {
  return storeId === undefined
    ? `member ${_id}, which belongs to no directory store`
    : `member ${_id} of directory store ${storeId}`;
}
