import type { PipelineStage } from 'mongoose';
import type { Run } from '../core/model/run.ts';
import type { StoreStatus } from '../core/model/store.ts';
import type { Schedule } from '../core/model/store-config.ts';
import type { SyncSummary } from '../core/model/sync-summary.ts';
import type { Models } from './models/models.ts';

type Parts = Pick<Models, 'stores' | 'runs'>;

const throughEnds = ['succeeded', 'held'] as const satisfies Run['status'][];
const ends = [...throughEnds, 'failed'] as const satisfies Run['status'][];

interface StoreWithRun {
  readonly _id: string;
  readonly status: StoreStatus;
  readonly schedule: Schedule | null;
  readonly updatedAt: Date;
  readonly newest: readonly {
    readonly status: (typeof ends)[number];
    readonly _id: string;
    readonly finishedAt: Date;
    readonly conflicts?: number;
    readonly problems?: number;
    readonly error?: Run['error'];
    readonly undecided?: Run['undecided'];
  }[];
}

/**
 * The sync summaries of the stores. The index on store and id finds each store's newest run, so the cost doesn't grow
 * with the number of stored runs. A second query is needed only for stores whose newest sync failed.
 */
export async function readSyncSummaries(
  parts: Parts,
  storeId: string | undefined,
): Promise<readonly SyncSummary[]> {
  const which = storeId === undefined ? {} : { _id: storeId };
  const stores = await withNewest(parts, which, ends);
  const failed = stores.filter(({ newest: [run] }) => run?.status === 'failed');
  const earlier =
    failed.length === 0
      ? []
      : await withNewest(parts, { _id: { $in: failed.map(({ _id }) => _id) } }, throughEnds);
  const successes = new Map(
    [...stores, ...earlier].flatMap(({ _id, newest: [run] }) =>
      run === undefined || run.status === 'failed' ? [] : [[_id, run.finishedAt] as const],
    ),
  );
  return stores.map(({ _id, status, schedule, updatedAt, newest: [run] }) => ({
    storeId: _id,
    status,
    schedule,
    changedAt: updatedAt,
    lastEnd: run?.status ?? null,
    last:
      run === undefined
        ? null
        : {
            runId: run._id,
            endedAt: run.finishedAt,
            conflicts: run.conflicts ?? 0,
            problems: run.problems ?? 0,
            error: run.error ?? null,
          },
    undecided: run?.undecided ?? null,
    lastSuccessAt: successes.get(_id) ?? null,
  }));
}

/** Stores, each with its newest sync that ended in one of these ways. */
async function withNewest(
  { stores, runs }: Parts,
  which: PipelineStage.Match['$match'],
  statuses: readonly Run['status'][],
): Promise<readonly StoreWithRun[]> {
  return stores.aggregate<StoreWithRun>([
    { $match: which },
    { $project: { status: 1, updatedAt: 1, schedule: '$config.schedule' } },
    {
      $lookup: {
        from: runs.collection.collectionName,
        localField: '_id',
        foreignField: 'storeId',
        pipeline: [
          { $match: { mode: { $in: ['full', 'delta'] }, $or: endedAs(statuses) } },
          { $sort: { _id: -1 } },
          { $limit: 1 },
          {
            $project: {
              status: { $ifNull: ['$decision.from', '$status'] },
              finishedAt: { $ifNull: ['$decision.finishedAt', '$finishedAt'] },
              undecided: 1,
              conflicts: '$counts.conflict',
              problems: '$counts.problem',
              error: 1,
            },
          },
        ],
        as: 'newest',
      },
    },
  ]);
}

/** While a decision on a run's held records is carried out, the run is under way again; it still counts as ended. */
function endedAs(statuses: readonly Run['status'][]): PipelineStage.Match['$match'][] {
  const isOne = { $in: [...statuses] };
  return [{ status: isOne }, { 'decision.from': isOne }];
}
