import mongoose, {
  type Model,
  type QueryFilter,
  type UpdateQuery,
  type UpdateWithAggregationPipeline,
} from 'mongoose';
import { Conflict } from '../core/errors.ts';
import { dataShape } from '../core/model/data-shape.ts';
import {
  type AskedDecision,
  type Counts,
  countNames,
  makeRun,
  type NewRun,
  noCounts,
  type Run,
  syncModes,
} from '../core/model/run.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunFilter, RunStore } from '../ports/runs.ts';
import { toConfigDocument } from './models/directory-store.model.ts';
import type { Models } from './models/models.ts';
import { type RunDocument, subjectOf, toRun, toRunDocument } from './models/run.model.ts';
import { isDuplicateKey } from './write-batch.ts';

type Parts = Pick<Models, 'runs' | 'records' | 'recordPeople'> & { readonly clock: Clock };

/** An absent value counts as null. */
const notEnded = { finishedAt: null };
const ended = { finishedAt: { $ne: null } };

/** Runs in MongoDB. A run has ended when it has a `finishedAt`. */
export function createRunStore(parts: Parts): RunStore {
  const { runs, clock } = parts;
  return {
    enqueue: (run) => enqueue(parts, run),
    async insertUnderWay(run) {
      const now = clock.now();
      const started: Run = { ...newRun(run, now), status: 'applying', startedAt: now };
      await runs.create(toRunDocument(started));
      return started;
    },
    async get(id) {
      return orNull(await runs.findById(id).lean<RunDocument>());
    },
    list: (filter) => list(runs, filter),
    update({ id, holder }, patch) {
      const inHands = { _id: id, holder: holder ?? { $exists: false }, ...notEnded };
      return change(runs, inHands, { $set: patch });
    },
    requestCancel: (id) => requestCancel(parts, id),
    openDecision: (id, decision) => openDecision(runs, { id, decision }),
    amend: (id, patch) => change(runs, { _id: id, ...ended }, { $set: patch }),
    async redactProposed(_id, proposed) {
      await runs.updateOne({ _id }, { $set: { proposed: toConfigDocument(proposed) } });
    },
    prunable: (before, limit) => findPrunable(parts, { before, limit }),
    removeMany: (ids) => removeRuns(parts, ids),
    async sumSince(since) {
      const sums = Object.fromEntries(
        countNames.map((name) => [name, { $sum: `$counts.${name}` }]),
      );
      const [sum] = await runs.aggregate<Counts & { readonly runs: number }>([
        { $match: { createdAt: { $gte: since }, mode: { $ne: 'plan' } } },
        { $group: { _id: null, runs: { $sum: 1 }, ...sums } },
        { $project: { _id: 0 } },
      ]);
      if (sum === undefined) return { runs: 0, counts: noCounts };
      const { runs: summed, ...counts } = sum;
      return { runs: summed, counts };
    },
    async countByRevision(storeId, revisions) {
      const used = { $in: [...revisions] };
      const counts = await runs.aggregate<{ _id: number; runs: number }>([
        { $match: { storeId, configRevision: used, mode: { $in: [...syncModes] } } },
        { $group: { _id: '$configRevision', runs: { $sum: 1 } } },
      ]);
      return new Map(counts.map((count) => [count._id, count.runs]));
    },
    async countByStatus() {
      const groups = await runs.aggregate<{ _id: Run['status']; count: number }>([
        { $group: { _id: '$status', count: { $sum: 1 } } },
      ]);
      return Object.fromEntries(groups.map(({ _id, count }) => [_id, count]));
    },
  };
}

/** Removes the records first: an interrupted removal is repeated, since the runs still exist. */
export async function removeRuns(
  { runs, records, recordPeople }: Pick<Parts, 'runs' | 'records' | 'recordPeople'>,
  ids: readonly string[],
): Promise<void> {
  await recordPeople.deleteMany({ runId: { $in: [...ids] } });
  await records.deleteMany({ runId: { $in: [...ids] } });
  await runs.deleteMany({ _id: { $in: [...ids] } });
}

async function change(
  runs: Model<RunDocument>,
  which: QueryFilter<RunDocument>,
  update: UpdateWithAggregationPipeline | UpdateQuery<RunDocument>,
): Promise<Run | null> {
  const options = { returnDocument: 'after', updatePipeline: Array.isArray(update) } as const;
  return orNull(await runs.findOneAndUpdate(which, update, options).lean<RunDocument>());
}

function orNull(document: RunDocument | null): Run | null {
  return document === null ? null : toRun(document);
}

function newRun(asked: NewRun, now: Date): Run {
  return makeRun(asked, { id: new mongoose.Types.ObjectId().toHexString(), now });
}

const enqueueAttempts = 5;

/**
 * The unique index decides between two at once. The run it names may be claimed meanwhile: then the
 * insert is tried again.
 */
async function enqueue(
  { runs, clock }: Parts,
  run: NewRun,
): Promise<{ readonly run: Run; readonly created: boolean }> {
  for (let attempt = 1; attempt <= enqueueAttempts; attempt += 1) {
    const queued = newRun(run, clock.now());
    try {
      await runs.create(toRunDocument(queued));
      return { run: queued, created: true };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const { storeId, mode } = run;
    const subject = subjectOf(queued);
    const present = await runs
      .findOne({
        storeId: storeId ?? { $exists: false },
        mode,
        subject: subject ?? { $exists: false },
        status: 'queued',
      })
      .lean<RunDocument>();
    if (present !== null) return { run: toRun(present), created: false };
  }
  throw new Conflict(`No ${run.mode} run of store ${run.storeId} could be queued.`, {
    hint: 'Other runs of this store are queued and taken up all the time. Try again.',
  });
}

const holdsSomething = [{ 'counts.held': { $gt: 0 } }, { 'groups.counts.held': { $gt: 0 } }];
const didSomething = [
  { 'counts.applied': { $gt: 0 } },
  { 'groups.counts.applied': { $gt: 0 } },
  ...holdsSomething,
];

async function list(
  runs: Model<RunDocument>,
  {
    storeId,
    statuses,
    modes,
    configRevision,
    from,
    to,
    changed,
    holding,
    atWorkSince,
    before,
    limit,
  }: RunFilter,
): Promise<readonly Run[]> {
  const query = runs
    .find({
      ...(storeId !== undefined && { storeId }),
      ...(statuses !== undefined && { status: { $in: [...statuses] } }),
      ...(modes !== undefined && { mode: { $in: [...modes] } }),
      ...(configRevision !== undefined && { configRevision }),
      ...(holding === true && { mode: { $ne: 'plan' as const }, $and: [{ $or: holdsSomething }] }),
      ...(atWorkSince !== undefined && {
        $or: [{ status: 'applying' as const }, { finishedAt: { $gte: atWorkSince } }],
      }),
      ...((from !== undefined || to !== undefined) && {
        createdAt: { ...(from && { $gte: from }), ...(to && { $lt: to }) },
      }),
      ...(changed !== undefined && { [changed ? '$or' : '$nor']: didSomething }),
      ...(before !== undefined && { _id: { $lt: before } }),
    })
    .sort({ _id: -1 });
  if (limit !== undefined) query.limit(limit);
  return (await query.lean<RunDocument[]>()).map(toRun);
}

/** One step, so that a worker taking the run up meanwhile is either too late or sees the request. */
function requestCancel({ runs, clock }: Parts, id: string): Promise<Run | null> {
  const ifQueued = (yes: unknown, no: string) => ({
    $cond: [{ $eq: ['$status', 'queued'] }, yes, no],
  });
  const asked = {
    cancelRequested: true,
    status: ifQueued('cancelled', '$status'),
    finishedAt: ifQueued(clock.now(), '$finishedAt'),
  };
  return change(runs, { _id: id, ...notEnded }, [{ $set: asked }]);
}

/** One step, so that of two who decide at once only one opens the run. */
function openDecision(
  runs: Model<RunDocument>,
  { id, decision }: { readonly id: string; readonly decision: AskedDecision },
): Promise<Run | null> {
  const open = {
    // `$literal`: the text of a person must not be read as a path or an operator.
    decision: {
      $mergeObjects: [{ $literal: decision }, { from: '$status', finishedAt: '$finishedAt' }],
    },
    status: 'applying',
    finishedAt: null,
    cancelRequested: false,
    resumes: 0,
    shape: { $max: ['$shape', dataShape] },
  };
  return change(runs, { _id: id, ...ended }, [{ $set: open }, { $unset: ['holder'] }]);
}

/**
 * A run with a held record waits for a decision, whatever its other results. A rejected record is
 * kept, since its change would be planned again without it.
 */
async function findPrunable(
  { runs, records }: Parts,
  { before, limit }: { readonly before: Date; readonly limit: number },
): Promise<readonly string[]> {
  const prunable: string[] = [];
  let after = '';
  while (prunable.length < limit) {
    const ended = await runs
      .find(
        { _id: { $gt: after }, finishedAt: { $lt: before }, status: { $ne: 'held' } },
        { _id: 1 },
      )
      .sort({ _id: 1 })
      .limit(limit)
      .lean<{ _id: string }[]>();
    const ids = ended.map(({ _id }) => _id);
    const last = ids.at(-1);
    if (last === undefined) break;
    const waiting = await records.distinct('runId', {
      runId: { $in: ids },
      $or: [{ status: 'held' }, { standsIn: { $exists: true } }],
    });
    prunable.push(...ids.filter((id) => !waiting.includes(id)));
    after = last;
  }
  return prunable.slice(0, limit);
}
