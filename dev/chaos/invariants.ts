import { emailKeyOf } from '../../src/core/email.ts';
import type { MemberDocument } from '../../src/mongo/models/member.model.ts';
import type { RecordDocument } from '../../src/mongo/models/record.model.ts';
import type { RunDocument } from '../../src/mongo/models/run.model.ts';
import { expectedFields } from '../../test/builders/expected-member.ts';
import { type FollowedStore, shouldBeActive } from './followed-store.ts';
import type { Finding } from './journal.ts';
import type { Watch } from './watch.ts';

/** The data at the end. */
export interface Outcome {
  readonly stores: readonly FollowedStore[];
  readonly members: readonly MemberDocument[];
  readonly runs: readonly RunDocument[];
  readonly records: readonly RecordDocument[];
  /** The last run of each store, which had nothing left to do. */
  readonly lastRuns: readonly string[];
  readonly watch: Watch;
  readonly bugs: readonly string[];
}

/** Checks every rule that chaos must not break. */
export function checkInvariants(outcome: Outcome): readonly Finding[] {
  return rules.map(({ rule, check }) => ({ rule, broken: check(outcome) }));
}

interface Rule {
  readonly rule: string;
  readonly check: (outcome: Outcome) => readonly string[];
}

const written: readonly RecordDocument['status'][] = ['applied', 'undone'];

const rules: readonly Rule[] = [
  {
    rule: 'every user who is to be active is an active member with the directory’s fields',
    check: findUntrue,
  },
  { rule: 'no other member is active', check: findWronglyActive },
  { rule: 'every address key is right and belongs to one member', check: findWrongKeys },
  {
    rule: 'no member was ever inactive whose user was always to be active',
    check: ({ watch }) => [...watch.wronglyOut],
  },
  {
    rule: 'every run has an end',
    check: ({ runs }) => runs.filter((run) => run.finishedAt === null).map(name),
  },
  { rule: 'no two runs of a store overlapped', check: findOverlaps },
  { rule: 'the counts of every run add up', check: findWrongCounts },
  { rule: 'no applied run has a planned record left', check: findLeftOver },
  { rule: 'every member was written as often as records say', check: findWrongRevisions },
  { rule: 'no held record was applied without a decision', check: findUndecided },
  { rule: 'scheduled runs did not pile up', check: ({ watch }) => [...watch.piledUp] },
  {
    rule: 'another run changes nothing',
    check: ({ runs, lastRuns }) =>
      runs
        .filter(({ _id, status, counts }) => {
          return lastRuns.includes(_id) && (status !== 'succeeded' || counts.applied > 0);
        })
        .map(name),
  },
  { rule: 'no process and no command met a bug', check: ({ bugs }) => bugs },
];

const name = ({ _id, mode, status }: RunDocument): string => `run ${_id} (${mode}, ${status})`;

function findUntrue({ stores, members }: Outcome): readonly string[] {
  const byExternalId = new Map(members.map((member) => [member.externalId, member]));
  return stores.flatMap((store) =>
    store.simulator.people.all().flatMap((user) => {
      if (!shouldBeActive(store, user)) return [];
      const member = byExternalId.get(user._id);
      if (member === undefined) return [`${user._id} of ${store.name} is no member`];
      if (member.status !== 'active') return [`${user._id} is inactive: ${member.inactiveCause}`];
      const [expected, found] = [expectedFields(user), member.fields as Record<string, string>];
      const differing = [...new Set([...Object.keys(expected), ...Object.keys(found)])].filter(
        (field) => expected[field] !== found[field],
      );
      return differing.map(
        (field) => `${user._id}: ${field} is ${found[field]}, not ${expected[field]}`,
      );
    }),
  );
}

function findWronglyActive({ stores, members }: Outcome): readonly string[] {
  const due = new Set(
    stores.flatMap((store) =>
      store.simulator.people.all().flatMap((user) => (shouldBeActive(store, user) ? user._id : [])),
    ),
  );
  return members
    .filter(({ status, externalId = '' }) => status === 'active' && !due.has(externalId))
    .map(({ _id }) => `${_id} is active`);
}

function findWrongKeys({ members }: Outcome): readonly string[] {
  const keys = members.flatMap(({ emailKey }) => emailKey ?? []);
  const twice = keys.filter((key, at) => keys.indexOf(key) !== at);
  const wrong = members.filter(
    ({ emailKey, status, fields }) =>
      (status === 'active' || emailKey !== undefined) &&
      emailKey !== emailKeyOf(fields.email ?? ''),
  );
  return [
    ...twice.map((key) => `${key} is held twice`),
    ...wrong.map(({ _id, emailKey, fields }) => `${_id} holds ${emailKey}, not ${fields.email}`),
  ];
}

/** A decision opens an ended run again, even after later runs began, so runs with a decision are left out. */
function findOverlaps({ runs }: Outcome): readonly string[] {
  const begun = runs.filter(
    ({ startedAt, finishedAt, decided }) => startedAt && finishedAt && decided === undefined,
  );
  return begun.flatMap((run) =>
    begun
      .filter(
        (other) =>
          other._id !== run._id &&
          other.storeId === run.storeId &&
          startOf(other) >= startOf(run) &&
          startOf(other) < (run.finishedAt?.getTime() ?? 0),
      )
      .map((other) => `${name(run)} and ${name(other)}`),
  );
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

const startOf = ({ startedAt }: RunDocument): number => startedAt?.getTime() ?? 0;

function findWrongCounts({ runs, records }: Outcome): readonly string[] {
  const recordsOf = groupBy(records, ({ runId }) => runId);
  return runs.flatMap((run) => {
    const { listed, inScope, outOfScope, skipped, problem, applied, failed, held } = run.counts;
    const own = recordsOf.get(run._id) ?? [];
    const among = (...statuses: readonly RecordDocument['status'][]) =>
      own.filter(({ status }) => statuses.includes(status)).length;
    const wrong: string[] = [];
    if (listed !== inScope + outOfScope + skipped + problem) wrong.push('listed');
    if (run.mode === 'plan') return wrong.map((count) => `${name(run)}: ${count}`);
    if (applied !== among(...written)) wrong.push(`applied ${applied}, not ${among(...written)}`);
    if (failed !== among('failed')) wrong.push(`failed ${failed}, not ${among('failed')}`);
    if (held !== among('held')) wrong.push(`held ${held}, not ${among('held')}`);
    return wrong.map((count) => `${name(run)}: ${count}`);
  });
}

function findLeftOver({ runs, records }: Outcome): readonly string[] {
  const previews = new Set(runs.filter(({ mode }) => mode === 'plan').map(({ _id }) => _id));
  return records
    .filter(({ status, runId }) => status === 'planned' && !previews.has(runId))
    .map(({ _id }) => `record ${_id} is still planned`);
}

/**
 * Each write adds one to the revision that it was planned on, and has a record. Marks without a record don't count.
 */
function findWrongRevisions({ members, records }: Outcome): readonly string[] {
  const ofMember = groupBy(
    records.filter(({ status }) => written.includes(status)),
    ({ memberId }) => memberId ?? '',
  );
  return members.flatMap(({ _id, revision, lastRecord }) => {
    const own = ofMember.get(_id) ?? [];
    const updates = own.flatMap(({ fromRevision }) => fromRevision ?? []).sort((a, b) => a - b);
    const due = Array.from({ length: revision - 1 }, (_, at) => at + 1);
    const lives = own.filter(({ action }) => action === 'create').length;
    const isWhole =
      lives === 1
        ? JSON.stringify(updates) === JSON.stringify(due)
        : due.every((each) => updates.includes(each));
    const wrong: string[] = [];
    if (lives === 0) wrong.push(`${_id} was created by no record`);
    if (!isWhole)
      wrong.push(`${_id} is at revision ${revision}; records wrote on ${updates.join(', ')}`);
    if (!own.some((record) => record._id === lastRecord)) {
      wrong.push(`${_id} was last written by ${lastRecord}, which is not applied`);
    }
    return wrong;
  });
}

function findUndecided({ records, watch }: Outcome): readonly string[] {
  return records
    .filter(
      ({ _id, status, decidedBy }) =>
        written.includes(status) && decidedBy === undefined && watch.everHeld.has(_id),
    )
    .map(({ _id }) => `record ${_id} was held, and applied without a decision`);
}
