import type { Model, QueryFilter } from 'mongoose';
import { emailKeyOf } from '../core/email.ts';
import type { SyncRecord } from '../core/model/record.ts';
import type { RecordStore } from '../ports/records.ts';
import { type RecordDocument, toRecord, toRecordDocument } from './models/record.model.ts';
import { ofKind } from './record-choice.ts';
import { createHolds } from './record-holds.ts';
import { duplicateKeyCode, insertBatch, writeBatch } from './write-batch.ts';

/**
 * The records of runs in MongoDB. A record that is inserted again stays as it is: its id names the
 * same person in the same run, and it may have been applied already.
 */
export function createRecordStore(model: Model<RecordDocument>): RecordStore {
  const many = async (filter: object) =>
    (await model.find(filter).lean<RecordDocument[]>()).map(toRecord);
  return {
    async insertMany(records) {
      const { refused } = await insertBatch(model, records.map(toRecordDocument));
      assertNothingRefused([...refused.values()].filter((code) => code !== duplicateKeyCode));
    },
    page: ({ runId, kind, statuses, actions, only, ...window }) => {
      const status = statuses && { status: { $in: [...statuses] } };
      const action = actions && { action: { $in: [...actions] } };
      return readPage(
        model,
        { runId, ...ofKind(kind), ...status, ...action, ...(only && kinds[only]) },
        window,
      );
    },
    claimsPage: ({ runId, claims, ...window }) => {
      const claim = claims === undefined ? { $exists: true } : { $in: [...claims] };
      return readPage(model, { runId, status: 'planned', claim }, window);
    },
    async contestedClaims(runId) {
      const groups = await model.aggregate<{ _id: string; winner: string }>([
        { $match: { runId, status: 'planned', claim: { $exists: true } } },
        { $group: { _id: '$claim', count: { $sum: 1 }, winner: { $min: '$externalId' } } },
        { $match: { count: { $gt: 1 } } },
      ]);
      return groups.map(({ _id, winner }) => ({ claim: _id, winner }));
    },
    byIds: (ids) => many({ _id: { $in: [...ids] } }),
    withAddress: (emailKey) => withAddress(model, emailKey),
    containing: (texts) => {
      const $regex = texts.map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|');
      const places = ['changes.from', 'changes.to', 'reason', 'error'];
      return many({ $or: places.map((place) => ({ [place]: { $regex, $options: 'i' } })) });
    },
    replaceMany: (records) => replaceMany(model, records, notFinal),
    redactMany: (records) => replaceMany(model, records, {}),
    async removeMany(ids, from = ['planned']) {
      await model.deleteMany({ _id: { $in: [...ids] }, status: { $in: [...from] } });
    },
    async markApplied(ids) {
      const filter = { _id: { $in: [...ids] }, status: 'planned' };
      const update = { $set: { status: 'applied' }, $unset: { standsIn: '' } };
      const { refused } = await writeBatch(model, [{ updateMany: { filter, update } }]);
      assertNothingRefused([...refused.values()]);
    },
    async markUndone(ids, undone) {
      const [from, to] = undone
        ? (['applied', 'undone'] as const)
        : (['undone', 'applied'] as const);
      const filter: QueryFilter<RecordDocument> = { _id: { $in: [...ids] }, status: from };
      await model.updateMany(filter, { $set: { status: to } });
    },
    async fail(failures, from = 'planned') {
      const { refused } = await writeBatch(
        model,
        failures.map(({ id, error }) => ({
          updateOne: {
            filter: { _id: id, status: from },
            update: { $set: { status: 'failed', error }, $unset: { standsIn: '' } },
          },
        })),
      );
      assertNothingRefused([...refused.values()]);
    },
    ...createHolds(model),
    countByStatus: (runId, { decidedAt, kind } = {}) =>
      countBy(model, { runId, ...ofKind(kind), ...(decidedAt && { decidedAt }) }, 'status'),
    countByAction: (runId, kind) => countBy(model, { runId, ...ofKind(kind) }, 'action'),
    async removeAll(runId) {
      await model.deleteMany({ runId, ...notFinal });
    },
  };
}

/** A final status stays: only the one kind of write meant for it changes it. */
const notFinal = { status: { $nin: ['applied', 'failed', 'undone'] as const } };

/** No index contains addresses, and the database doesn't compare them as `emailKeyOf` does. */
async function withAddress(
  model: Model<RecordDocument>,
  emailKey: string,
): ReturnType<RecordStore['withAddress']> {
  const parts = { runId: 1, externalId: 1, memberId: 1, email: 1 } as const;
  const found: Pick<SyncRecord, 'runId' | 'externalId' | 'memberId'>[] = [];
  const all = model.find({ email: { $exists: true } }, parts).lean<RecordDocument[]>();
  for await (const { email = '', runId, externalId, memberId } of all.cursor({ batchSize: 5000 })) {
    if (emailKeyOf(email) !== emailKey) continue;
    found.push({ runId, externalId: externalId ?? null, memberId: memberId ?? null });
  }
  return found;
}

async function replaceMany(
  model: Model<RecordDocument>,
  records: readonly SyncRecord[],
  among: object,
): Promise<void> {
  const { refused } = await writeBatch(
    model,
    records.map(toRecordDocument).map((replacement) => ({
      replaceOne: { filter: { ...among, _id: replacement._id }, replacement },
    })),
  );
  assertNothingRefused([...refused.values()]);
}

type Only = NonNullable<Parameters<RecordStore['page']>[0]['only']>;

const kinds: Readonly<Record<Only, QueryFilter<RecordDocument>>> = {
  unconfirmed: { confirmed: false },
  'unconfirmed-removals': { cause: { $exists: true }, confirmed: false },
  undecided: { undecidedRuns: { $exists: true } },
  moves: {
    fromRevision: { $exists: true },
    $or: [
      { claim: { $exists: true } },
      { action: 'delete' },
      { changes: { $elemMatch: { field: 'emailKey' } } },
    ],
  },
};

async function countBy(
  model: Model<RecordDocument>,
  filter: QueryFilter<RecordDocument>,
  field: 'status' | 'action',
): Promise<Readonly<Record<string, number>>> {
  const groups = await model.aggregate<{ _id: string; count: number }>([
    { $match: filter },
    { $group: { _id: `$${field}`, count: { $sum: 1 } } },
  ]);
  return Object.fromEntries(groups.map(({ _id, count }) => [_id, count]));
}

/** Factors of the limit: how much further each step of reading a page goes. */
const stepWidths = [2, 16, 128, Number.POSITIVE_INFINITY];

/**
 * Reads a page in steps up `seq`: nearly always the first step fills it. An engine that can't read in the order of an
 * index would sort all the rest of the run for each page if the range were open.
 */
async function readPage(
  model: Model<RecordDocument>,
  filter: QueryFilter<RecordDocument>,
  { afterSeq = -1, limit }: { readonly afterSeq?: number; readonly limit: number },
): Promise<readonly SyncRecord[]> {
  const found: RecordDocument[] = [];
  let low = afterSeq;
  for (const width of stepWidths) {
    const high = low + width * limit;
    const step = await model
      .find({ ...filter, seq: { $gt: low, $lte: high } })
      .sort({ runId: 1, seq: 1 })
      .limit(limit - found.length)
      .lean<RecordDocument[]>();
    found.push(...step);
    if (found.length === limit) break;
    low = high;
  }
  return found.map(toRecord);
}

function assertNothingRefused(codes: readonly number[]): void {
  if (codes.length === 0) return;
  throw new Error(`the database refused ${codes.length} records (error ${codes[0]})`);
}
