import { sentence } from '../../core/explain/source-now.ts';
import { blockingReason } from '../../core/explain/why-field.ts';
import { nextText, settingsFor } from '../../core/explain/why-status.ts';
import { inlineYaml } from '../../core/store-file/inline-yaml.ts';
import type { MemberWhy } from '../../manage/members/explain-why.ts';
import type { FieldExplanation } from '../../why/explain-member.ts';
import type { FoundRecord } from '../../why/find-records.ts';
import { formatPairs } from '../terminal/table.ts';
import {
  blank,
  criteriaSections,
  dueText,
  recordText,
  type Section,
  sourceText,
  tableSection,
  valueText,
} from './why-view.ts';
import { changeText } from './words.ts';

/** The explanation of a member, for people: one field, the status, or everything. */
export function memberSections(why: MemberWhy, now: Date): readonly Section[] {
  const { asked, explained } = why;
  const field = explained.fields.find((each) => each.field === asked);
  if (field !== undefined) return [fieldSection(why, field, now)];
  return [
    statusSection(why, now),
    ...(asked === null ? fieldsSections(explained.fields) : []),
    ...(explained.member.inactiveCause === 'out-of-scope' || isOutOfScope(why)
      ? criteriaSections(explained.criteria)
      : []),
  ];
}

function isOutOfScope({ explained: { source } }: MemberWhy): boolean {
  return source.is === 'found' && source.reading.kind !== 'in-scope';
}

function fieldSection(why: MemberWhy, field: FieldExplanation, now: Date): Section {
  const { rule, trace, stored } = field;
  const made = trace?.made;
  const isProblem = typeof made === 'object' && made !== null;
  return {
    lines: [
      `${field.field} of ${why.email}: ${stored ?? blank}`,
      field.reason.message,
      '',
      ...formatPairs([
        ['rule', rule === null ? 'none' : inlineYaml(rule)],
        ['source now', rawText(field)],
        ['mapped', trace === null ? null : isProblem ? `fails: ${made.problem}` : valueText(made)],
        ['stored', stored ?? blank],
        ...historyPairs(why, field.field, now),
        ...nextPairs(why, now),
      ]),
    ],
  };
}

function statusSection(why: MemberWhy, now: Date): Section {
  const { email, explained, view } = why;
  const { member, store, source, status, reason } = explained;
  const whose = view.storeName === null ? 'of no store' : `of ${view.storeName}`;
  return {
    lines: [
      `${email} is a member ${whose}: ${member.status}.`,
      status.message,
      ...(store === null && status.message !== reason.message ? [reason.message] : []),
      '',
      ...formatPairs([
        ['source now', store === null ? null : sourceText(source)],
        ['status by', member.statusBy === 'person' ? 'a person' : 'the sync'],
        ['status sync', store === null ? null : settingsFor(store.config.settings.statusSync)],
        ...historyPairs(why, 'status', now),
        ...nextPairs(why, now),
        ...explained.conflicts.map((found) => ['conflict', conflictText(found)] as const),
      ]),
    ],
  };
}

type Pair = readonly [string, string | null];

function historyPairs({ explained }: MemberWhy, field: string, now: Date): readonly Pair[] {
  const { changed, refused } = explained.history;
  const text = (found: FoundRecord | null): string | null => {
    const change = found?.record.changes.find((each) => each.field === field);
    return change === undefined ? null : changeText(change.from, change.to, blank);
  };
  const detail = (found: FoundRecord | null) => found && recordText(found, now);
  return [
    ['last change', text(changed) ?? 'none that the runs kept know of'],
    ['', detail(changed)],
    ['not applied', text(refused)],
    ['', detail(refused)],
  ];
}

function nextPairs({ explained, storeView }: MemberWhy, now: Date): readonly Pair[] {
  if (storeView === null) return [];
  const { runsFail, source, next, blocking } = explained;
  const fails = runsFail === null ? null : `fails: ${runsFail}`;
  const nothing = source.is === 'unreachable' ? 'can’t be foretold' : 'leaves this member as it is';
  return [
    ...blocking.map((record): Pair => [record.status, sentence(blockingReason(record))]),
    ['next run', fails ?? nextText(next) ?? nothing],
    ['', dueText(storeView, now)],
  ];
}

function conflictText({ run, record }: FoundRecord): string {
  return `user ${record.externalId} has this address too and was not imported: ${record.reason} (run ${run.id})`;
}

function fieldsSections(fields: readonly FieldExplanation[]): readonly Section[] {
  if (fields.length === 0) return [];
  return [
    { lines: [''] },
    tableSection<FieldExplanation>({
      items: fields,
      empty: '',
      columns: [
        { title: 'FIELD', value: ({ field }) => field, whole: true },
        { title: 'STORED', value: ({ stored }) => stored ?? blank, cutLast: true },
        { title: 'SOURCE NOW', value: rawText },
        {
          title: ' ',
          value: ({ reason }) => (isNoteworthy(reason.code) ? reason.code : ''),
          style: () => 'yellow',
        },
        { title: 'RULE', value: ({ rule }) => (rule === null ? 'none' : inlineYaml(rule)) },
      ],
    }),
  ];
}

/** Reasons that apply to every field, or that say all is well, are no note. */
function isNoteworthy(code: string): boolean {
  return !['agrees', 'no-store', 'source-unread'].includes(code);
}

/** The source's value, as far as it is known: an expression that failed has nothing to show. */
function rawText({ trace }: FieldExplanation): string {
  const isFailed = trace?.raw === undefined && typeof trace?.made === 'object';
  return trace === null || (isFailed && trace.made !== null) ? '–' : valueText(trace.raw);
}
