import type { Model, PipelineStage, QueryFilter } from 'mongoose';
import type { Facet, RecordLists, RecordsAsked } from '../ports/record-lists.ts';
import { type RecordDocument, toRecord } from './models/record.model.ts';
import { matchChoice, ofKind } from './record-choice.ts';

const mostValues = 8;

/** The records of a run, filtered, counted and grouped. Every question is on one run, of which an index has the records. */
export function createRecordLists(model: Model<RecordDocument>): RecordLists {
  return {
    async page({ afterSeq, limit, ...asked }) {
      const found = model
        .find({ ...matchOf(asked), seq: { $gt: afterSeq } })
        .sort({ runId: 1, seq: 1 })
        .limit(limit);
      return (await found.lean<RecordDocument[]>()).map(toRecord);
    },
    total: (asked, most) => model.countDocuments(matchOf(asked)).limit(most),
    async marks(asked, every) {
      const after: number[] = [];
      let total = 0;
      let last = 0;
      const all = model.find(matchOf(asked), { _id: 0, seq: 1 }).sort({ runId: 1, seq: 1 });
      for await (const { seq } of all.lean<{ seq: number }[]>().cursor({ batchSize: 50_000 })) {
        if (total > 0 && total % every === 0) after.push(last);
        total += 1;
        last = seq;
      }
      return { total, after };
    },
    async facet(asked, by) {
      const match = matchOf(asked);
      const groups = await model.aggregate<{ _id: string | null; count: number }>([
        { $match: match },
        { $group: { _id: values[by], count: { $sum: 1 } } },
        { $sort: { count: -1, _id: 1 } },
      ] as PipelineStage[]);
      const sum = (some: readonly { readonly count: number }[]) =>
        some.reduce((total, { count }) => total + count, 0);
      const known = groups.flatMap(({ _id, count }) =>
        _id === null ? [] : [{ value: _id, count }],
      );
      return {
        by,
        values: known.slice(0, mostValues),
        blank: sum(groups.filter(({ _id }) => _id === null)),
        others: sum(known.slice(mostValues)),
      };
    },
  };
}

const values: Readonly<Record<Facet['by'], unknown>> = {
  reason: { $ifNull: ['$cause', '$action'] },
  status: '$status',
  department: { $ifNull: ['$department', null] },
  location: { $ifNull: ['$location', null] },
};

function matchOf({
  runId,
  kind,
  statuses,
  actions,
  choice,
}: RecordsAsked): QueryFilter<RecordDocument> {
  return {
    runId,
    ...(kind && ofKind(kind)),
    ...(statuses && { status: { $in: [...statuses] } }),
    ...(actions && { action: { $in: [...actions] } }),
    ...matchChoice(choice),
  };
}
