import { someOf } from '../../core/criteria/condition.ts';
import type {
  CriteriaExplanation,
  ExplainedCondition,
  Requirement,
} from '../../core/criteria/explain.ts';
import { type SourceNow, sentence } from '../../core/explain/source-now.ts';
import { hasEnded } from '../../core/model/run.ts';
import { isUnreadable } from '../../core/model/source-user.ts';
import type { Condition } from '../../core/model/store-config.ts';
import { shellWord } from '../../core/shell-word.ts';
import { inlineYaml } from '../../core/store-file/inline-yaml.ts';
import type { StoreView } from '../../manage/stores/view-store.ts';
import type { FoundRecord } from '../../why/find-records.ts';
import type { Line } from '../terminal/output.ts';
import type { Table } from '../terminal/table.ts';
import { exactTime, relativeTime } from './words.ts';

/*
 * The parts that the explanations of members and of people who are no members have in common.
 */

/** A part of an answer for people. */
export type Section = { readonly lines: readonly Line[] } | { readonly show: Show };

/** Writes a table; a function, so that one list can contain tables of different rows. */
type Show = (write: <T>(table: Table<T>) => Promise<void>) => Promise<void>;

export function tableSection<T>(table: Table<T>): Section {
  return { show: (write) => write(table) };
}

export const blank = '(blank)';

/** A value as a store file would write it, a text as it is. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return blank;
  return typeof value === 'string' ? value : inlineYaml(value);
}

function whenText(time: Date, now: Date): string {
  return `${exactTime(time)} (${relativeTime(time, now)})`;
}

/** The time, the run and the result of a record. */
export function recordText({ run, record }: FoundRecord, now: Date): string {
  const when = whenText(run.finishedAt ?? run.createdAt, now);
  const what = record.error === null ? record.reason : `${record.reason}: ${record.error}`;
  const by = record.decidedBy ?? run.requestedBy;
  const status = record.status === 'applied' ? record.action : `${record.action}, ${record.status}`;
  return `${status} in run ${run.id} (${by}), ${when}: ${what}`;
}

/** What the source says now, in a few words. */
export function sourceText(source: SourceNow): string {
  if (source.is === 'none') return 'no directory';
  if (source.is === 'unreachable') return `can’t be asked: ${source.reason}`;
  if (source.is === 'absent') return 'not there';
  const { user, reading } = source;
  if (isUnreadable(user)) return `unreadable: ${user.unreadable}`;
  const scope = reading.kind === 'problem' ? reading.message : scopeWords[reading.kind];
  return `${user.state}, ${scope}, id ${user.externalId}`;
}

const scopeWords = { 'in-scope': 'in scope', 'out-of-scope': 'out of scope' } as const;

/** When the store's next run is due, or why there is none and what to do about it. */
export function dueText({ store, nextRunAt, lastRun }: StoreView, now: Date): string {
  const name = shellWord(store.name);
  if (store.status === 'needs-reauthorization') {
    return `not scheduled: ${store.name} needs to be reauthorized. Do it with: rollcall store reauthorize ${name} --api-key-stdin`;
  }
  if (lastRun !== null && !hasEnded(lastRun)) {
    return lastRun.status === 'queued'
      ? 'queued'
      : `under way since ${whenText(lastRun.startedAt ?? lastRun.createdAt, now)}`;
  }
  if (nextRunAt !== null) return `due ${relativeTime(nextRunAt, now)} (${exactTime(nextRunAt)})`;
  const why = store.status === 'paused' ? 'is paused' : 'has no schedule';
  return `not scheduled: ${store.name} ${why}. Sync it now with: rollcall sync ${name} --wait`;
}

/** Every condition with the person's values, and the changes that would let the person in. */
export function criteriaSections(criteria: CriteriaExplanation | null): readonly Section[] {
  if (criteria === null) return [];
  const { conditions, pattern, firstFailing, wouldAdmit, verdict } = criteria;
  return [
    { lines: ['', `Sync criteria: ${pattern}`] },
    tableSection<ExplainedCondition>({
      items: conditions,
      empty: '',
      columns: [
        { title: ' ', value: ({ number }) => (number === firstFailing ? '→' : ' ') },
        { title: '#', value: ({ number }) => String(number) },
        {
          title: 'HOLDS',
          value: holdsText,
          style: ({ holds }) => (holds === true ? 'green' : 'red'),
          whole: true,
        },
        { title: 'ACTUAL', value: actualText },
        { title: 'CONDITION', value: conditionText, cutLast: true },
      ],
    }),
    { lines: verdict === 'in' ? [] : admitLines(wouldAdmit, conditions) },
  ];
}

/** The condition as a store file would write it, but of a long list of groups the first alone. */
function conditionText({ condition }: ExplainedCondition): string {
  if (!isGroupList(condition)) return inlineYaml(condition);
  return `{ memberOf: [${someOf(condition.memberOf.map(inlineYaml))}] }`;
}

function isGroupList(condition: Condition): condition is { readonly memberOf: readonly string[] } {
  return 'memberOf' in condition && typeof condition.memberOf !== 'string';
}

function holdsText({ holds }: ExplainedCondition): string {
  return holds === null ? 'unclear' : holds ? 'yes' : 'no';
}

function actualText({ condition, actual, holds, unknown }: ExplainedCondition): string {
  if (actual === null) {
    if (unknown !== null) return unknown;
    if (isGroupList(condition)) return holds === true ? 'in one of them' : 'in none of them';
    return holds === true ? 'in the group' : 'not in the group';
  }
  const values = actual.length === 0 ? blank : actual.map(valueText).join(', ');
  return unknown === null ? values : `${values} – ${unknown}`;
}

/** More ways than this don't help. */
const mostWays = 5;

function admitLines(
  ways: readonly (readonly Requirement[])[],
  conditions: readonly ExplainedCondition[],
): readonly string[] {
  if (ways.length === 0)
    return ['Nothing would let this person in: the pattern contradicts itself.'];
  const words = ways.slice(0, mostWays).map((way) => way.map(requirementText).join(' and '));
  const more = ways.length > mostWays ? [`or ${ways.length - mostWays} ways more`] : [];
  const unclear = ways[0]?.some(({ number }) => conditions[number - 1]?.holds === null) ?? false;
  return [
    sentence(`would let this person in: ${[...words, ...more].join('; or ')}`),
    ...(unclear ? ['What is unclear has to be made clear at the source first.'] : []),
  ];
}

function requirementText({ number, mustHold }: Requirement): string {
  return mustHold ? `condition ${number} holding` : `condition ${number} no longer holding`;
}
