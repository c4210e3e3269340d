import type { Model, QueryFilter } from 'mongoose';
import type { RiskCounts } from '../core/plan/brakes.ts';
import { blankRisk, emailRisk, removalRisk, riskKindOf } from '../core/plan/risks.ts';
import type { RecordStore } from '../ports/records.ts';
import { type RecordDocument, toRecord } from './models/record.model.ts';
import { matchChoice, ofKind, ofPeople } from './record-choice.ts';

type Filter = QueryFilter<RecordDocument>;

type Holds = Pick<
  RecordStore,
  | 'hasBlocking'
  | 'blocking'
  | 'blockingGroups'
  | 'countRisks'
  | 'countAppliedRisks'
  | 'hold'
  | 'rejectPlanned'
  | 'decide'
  | 'count'
>;

/** What safeguards count and hold among the records, and the decisions on it. */
export function createHolds(model: Model<RecordDocument>): Holds {
  return {
    async hasBlocking(storeId) {
      return (await model.exists({ standsIn: storeId, ...ofKind() }).lean()) !== null;
    },
    async blocking(storeId, externalIds) {
      const filter = { standsIn: storeId, externalId: { $in: [...externalIds] }, ...ofKind() };
      return (await model.find(filter).lean<RecordDocument[]>()).map(toRecord);
    },
    async blockingGroups(storeId) {
      const filter = { standsIn: storeId, ...ofKind('group') };
      return (await model.find(filter).lean<RecordDocument[]>()).map(toRecord);
    },
    countRisks: (runId) => countRisks(model, { runId, status: { $in: ['planned', 'held'] } }),
    countAppliedRisks: (runIds) =>
      countRisks(model, {
        runId: { $in: [...runIds] },
        status: 'applied',
        decidedBy: { $exists: false },
      }),
    async hold({ runId, risk, blocksInStore }) {
      const risks = risk.endsWith(':') ? beginsWith(risk) : risk;
      const change = { status: 'held', ...(blocksInStore !== null && { standsIn: blocksInStore }) };
      // Records held at planning time also block later runs from now on.
      await model.updateMany(
        { runId, status: { $in: ['planned', 'held'] }, risks },
        // The kinds are in alphabetical order.
        { $set: change, $max: { heldKind: riskKindOf({ risks: [risk] }) } },
      );
    },
    count: ({ runId, statuses, people, choice }) =>
      model.countDocuments({
        runId,
        status: { $in: [...statuses] },
        ...ofPeople(people),
        ...matchChoice(choice),
      }),
    async rejectPlanned(runId, reason) {
      await model.updateMany(
        { runId, status: 'planned' },
        { $set: { status: 'rejected', reason } },
      );
    },
    async decide({ runId, people, choice = null, from, to, by, at }) {
      const decided = by === null ? {} : { decidedBy: by, decidedAt: at };
      await model.updateMany(
        { runId, status: { $in: [...from] }, ...ofPeople(people), ...matchChoice(choice) },
        {
          // An approved record is confirmed again; a rejected one keeps its confirmation.
          $set: { status: to, ...(to === 'planned' && { confirmed: false }), ...decided },
          ...(by === null && { $unset: { decidedBy: '', decidedAt: '' } }),
        },
      );
    },
  };
}

/** The names of the risks contain no special characters of regular expressions. */
const beginsWith = (risk: string): RegExp => new RegExp(`^${risk}`);

/** One command for all kinds: pushes that remove a member wait for it. */
async function countRisks(model: Model<RecordDocument>, among: Filter): Promise<RiskCounts> {
  const groups = await model.aggregate<{ _id: Risk; count: number }>([
    { $match: { ...among, risks: { $exists: true } } },
    { $project: { risks: 1, wasActive: { $anyElementTrue: [isFromActive] } } },
    { $unwind: '$risks' },
    { $group: { _id: { risk: riskOrKind, wasActive: '$wasActive' }, count: { $sum: 1 } } },
  ]);
  const sum = (isCounted: (risk: Risk) => boolean): number =>
    groups.filter(({ _id }) => isCounted(_id)).reduce((total, { count }) => total + count, 0);
  const blanks = new Set(
    groups.map(({ _id: { risk } }) => risk).filter((risk) => risk.startsWith(blankRisk)),
  );
  return {
    removals: sum(({ risk }) => risk.startsWith(removalRisk)),
    activeRemovals: sum(({ risk, wasActive }) => wasActive && risk.startsWith(removalRisk)),
    emailChanges: sum(({ risk }) => risk === emailRisk),
    blanks: Object.fromEntries(
      [...blanks].map((blank) => [
        blank.slice(blankRisk.length),
        sum(({ risk }) => risk === blank),
      ]),
    ),
  };
}

interface Risk {
  readonly risk: string;
  /** Whether the member was active before the change. */
  readonly wasActive: boolean;
}

const isFromActive = {
  $map: {
    input: '$changes',
    in: { $and: [{ $eq: ['$$this.field', 'status'] }, { $eq: ['$$this.from', 'active'] }] },
  },
};

/** Every address is a risk of its own; all of them are counted together. */
const riskOrKind = {
  $cond: [
    { $eq: [{ $substrCP: ['$risks', 0, emailRisk.length] }, emailRisk] },
    emailRisk,
    '$risks',
  ],
};
