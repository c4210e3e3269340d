import type { FieldTrace } from '../mapping/trace-mapping.ts';
import type { FieldName } from '../model/fields.ts';
import type { Member } from '../model/member.ts';
import type { SyncRecord } from '../model/record.ts';
import type { MappingRule } from '../model/store-config.ts';
import type { Draft } from '../plan/draft.ts';
import { noStoreText, type Reason, type SourceNow, sentence } from './source-now.ts';

/** What is known of one field of one member. */
export interface FieldFacts {
  readonly field: FieldName;
  readonly member: Member;
  /** Null when no rule of the store's mapping sets the field. */
  readonly rule: MappingRule | null;
  readonly source: SourceNow;
  /** Null when the source has no readable record. */
  readonly trace: FieldTrace | null;
  readonly stored: string | null;
  /** What the next run would write; null when it would write nothing. */
  readonly next: Draft | null;
  /** Records that hold changes of the member, or whose changes were rejected. */
  readonly blocking: readonly SyncRecord[];
}

/** Whether source and store agree on a field; if not, why, and what the next run does about it. */
export function explainField(facts: FieldFacts): Reason {
  const { field, member, rule, source, trace, stored, next } = facts;
  if (source.is === 'none') return { code: 'no-store', message: noStoreText(member) };
  if (rule === null) return { code: 'not-mapped', message: notMapped };
  if (source.is === 'unreachable') return { code: 'source-unread', message: unread(source.reason) };
  if (source.is === 'absent') return { code: 'gone', message: gone };
  const { reading } = source;
  if (trace === null || reading.kind === 'problem') return unusable(reading);
  if (trace.made === stored) return { code: 'agrees', message: 'Source and store agree.' };
  if (reading.kind === 'out-of-scope') return { code: 'out-of-scope', message: outOfScope };
  if (typeof trace.made === 'object' && trace.made !== null) {
    return {
      code: 'mapping-problem',
      message: sentence(`the mapping fails, so the field stays as it is: ${trace.made.problem}`),
    };
  }
  if (next?.action === 'conflict') return { code: 'conflict', message: conflict(next.reason) };
  if (next?.action === 'delete') {
    return {
      code: 'will-be-deleted',
      message: sentence(`the next run deletes the member: ${next.reason}`),
    };
  }
  if (rule.apply === 'on-create') return { code: 'on-create', message: onCreate };
  const barrier = next?.changes.some((change) => change.field === field) ? null : barrierOf(facts);
  return barrier ?? { code: 'will-change', message: willChange };
}

/** The records that keep runs from planning the change of the field again; null when there are none. */
function barrierOf({ field, blocking }: FieldFacts): Reason | null {
  const record = blocking.find(({ changes }) => changes.some((change) => change.field === field));
  return record === undefined
    ? null
    : { code: record.status, message: sentence(blockingReason(record)) };
}

/** Why a blocking record keeps its change from being made, and what an administrator can do. */
export function blockingReason({ runId, status, decidedBy }: SyncRecord): string {
  return status === 'held'
    ? `run ${runId} holds the change until a person decides: rollcall runs approve ${runId}, or reject`
    : `the change was rejected in run ${runId} by ${decidedBy ?? 'a person'}; runs leave it out while its cause stays the same`;
}

const notMapped = 'No rule of the store’s mapping sets this field, so runs leave it as it is.';
const gone = 'The directory no longer has this person, so runs leave the fields as they are.';
const outOfScope = 'The person is out of scope, so runs leave the fields as they are.';
const onCreate =
  'The rule applies on create only: members keep what they were given, whatever the source says later.';
const willChange = 'The source has something else now: the next run takes it over.';

const unread = (reason: string): string =>
  sentence(`the directory can’t be asked now, so this can’t be compared: ${reason}`);
const conflict = (reason: string): string =>
  sentence(`no run can take the changes over: ${reason}`);

function unusable(reading: Extract<SourceNow, { is: 'found' }>['reading']): Reason {
  const why = reading.kind === 'problem' ? `: ${reading.message}` : '';
  return {
    code: 'person-problem',
    message: sentence(`runs can’t use this person’s record and leave the member as it is${why}`),
  };
}
