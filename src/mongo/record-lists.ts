import type { Model, PipelineStage, QueryFilter } from 'mongoose';
import type { Facet, RecordLists, RecordsAsked } from '../ports/record-lists.ts';
import { type RecordDocument, toRecord } from './models/record.model.ts';
import { matchChoice } from './record-choice.ts';

const mostValues = 8;

/** A page of records that nearly all match is among as many that follow one another. */
const nearSeqs = 1000;

/**
 * A page is read from one part of the run after the other, until it is full: an engine that can't read in the order of an
 * index sorts all that is in the range asked for.
 */
const widths = [nearSeqs, 10 * nearSeqs, Number.POSITIVE_INFINITY];

/** The records of a run, filtered, counted and grouped. Every question is on one run, of which an index has the records. */
export function createRecordLists(model: Model<RecordDocument>): RecordLists {
  return {
    async page({ afterSeq, limit, ...asked }) {
      const documents: RecordDocument[] = [];
      let from = afterSeq;
      for (const width of widths) {
        const left = limit - documents.length;
        const found = model
          .find({ ...matchOf(asked), seq: { $gt: from, $lte: from + width } })
          .sort({ runId: 1, seq: 1 })
          .limit(left)
          // One answer contains them all; the driver would otherwise read 101 first.
          .batchSize(left);
        documents.push(...(await found.lean<RecordDocument[]>()));
        if (documents.length >= limit) break;
        from += width;
      }
      return documents.map(toRecord);
    },
    async total(asked, most) {
      // In most lists the first records alone are as many as are counted.
      const far = most + nearSeqs;
      const count = (seq: { readonly $lt: number } | { readonly $gte: number }, limit: number) =>
        model.countDocuments({ ...matchOf(asked), seq }).limit(limit);
      const near = await count({ $lt: far }, most);
      return near < most ? near + (await count({ $gte: far }, most - near)) : near;
    },
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

function matchOf({ runId, statuses, actions, choice }: RecordsAsked): QueryFilter<RecordDocument> {
  return {
    runId,
    ...(statuses && { status: { $in: [...statuses] } }),
    ...(actions && { action: { $in: [...actions] } }),
    ...matchChoice(choice),
  };
}
