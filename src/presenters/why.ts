import type { CriteriaExplanation } from '../core/criteria/explain.ts';
import type { SourceNow } from '../core/explain/source-now.ts';
import { isUnreadable } from '../core/model/source-user.ts';
import type { AbsentWhy, MemberWhy, StoreWhy } from '../manage/members/explain-why.ts';
import type { StoreView } from '../manage/stores/view-store.ts';
import type { FieldExplanation } from '../why/explain-member.ts';
import type { FieldHistory, FoundRecord } from '../why/find-records.ts';
import { memberJson } from './member.ts';
import type { WhyJson } from './why-schema.ts';

/** `members why` as scripts read it. */
export function whyJson(why: MemberWhy | AbsentWhy): WhyJson {
  return why.kind === 'member' ? memberWhyJson(why) : absentWhyJson(why);
}

function memberWhyJson({ email, asked, explained, view, storeView }: MemberWhy): WhyJson {
  const { member, store, fields, history, next } = explained;
  const field = fields.find((each) => each.field === asked) ?? null;
  return {
    email,
    imported: true,
    member: memberJson(view),
    store: member.storeId,
    storeName: view.storeName,
    ...dueJson(storeView),
    reason: explained.reason,
    source: sourceJson(explained.source),
    field: field === null ? null : { ...fieldJson(field), ...historyJson(history, field.field) },
    fields: asked === null ? fields.map(fieldJson) : [],
    status:
      field === null
        ? {
            status: member.status,
            statusBy: member.statusBy,
            inactiveCause: member.inactiveCause,
            statusSync: store?.config.settings.statusSync ?? null,
            reason: explained.status,
            ...historyJson(history, 'status'),
          }
        : null,
    criteria: criteriaJson(explained.criteria),
    runsFail: explained.runsFail,
    next: next === null ? null : { action: next.action, reason: next.reason },
    standing: explained.blocking.map(({ runId, status, action, reason, decidedBy }) => ({
      run: runId,
      status,
      action,
      reason,
      by: decidedBy,
    })),
    conflicts: explained.conflicts.map(recordJson),
    latest: null,
    stores: [],
  };
}

/** What one store says of an address without a member. */
export function storeWhyJson({ explained, storeView }: StoreWhy): WhyJson['stores'][number] {
  return {
    store: explained.store.id,
    storeName: explained.store.name,
    ...dueJson(storeView),
    reason: explained.reason,
    source: sourceJson(explained.source),
    criteria: criteriaJson(explained.criteria),
    latest: explained.latest === null ? null : recordJson(explained.latest),
  };
}

/** The first store's answer, and every store's. */
function absentWhyJson({ email, stores }: AbsentWhy): WhyJson {
  const all = stores.map(storeWhyJson);
  const [first = noStore] = all;
  return {
    email,
    imported: false,
    member: null,
    ...first,
    field: null,
    fields: [],
    status: null,
    runsFail: null,
    next: null,
    standing: [],
    conflicts: [],
    stores: all,
  };
}

const noStore = {
  store: null,
  storeName: null,
  storeStatus: null,
  nextRunAt: null,
  reason: { code: 'no-store', message: 'There is no directory store yet.' },
  source: null,
  criteria: null,
  latest: null,
};

function dueJson(storeView: StoreView | null) {
  return {
    storeStatus: storeView?.store.status ?? null,
    nextRunAt: storeView?.nextRunAt?.toISOString() ?? null,
  };
}

function sourceJson(source: SourceNow) {
  const nothing = { found: null, externalId: null, state: null, scope: null, error: null };
  if (source.is === 'none') return null;
  if (source.is === 'unreachable') return { ...nothing, error: source.reason };
  if (source.is === 'absent') return { ...nothing, found: false };
  const { user, reading } = source;
  return {
    found: true,
    externalId: user.externalId,
    state: isUnreadable(user) ? null : user.state,
    scope: reading.kind === 'problem' ? null : reading.kind,
    error: reading.kind === 'problem' ? reading.message : null,
  };
}

function fieldJson({ field, rule, trace, stored, reason }: FieldExplanation) {
  const made = trace?.made ?? null;
  return {
    field,
    rule,
    source: trace?.raw ?? null,
    mapped: typeof made === 'object' ? null : made,
    problem: typeof made === 'object' ? (made?.problem ?? null) : null,
    stored,
    reason,
  };
}

function historyJson({ changed, refused }: FieldHistory, field: string) {
  return { lastChange: changeJson(changed, field), refusedChange: changeJson(refused, field) };
}

function changeJson(found: FoundRecord | null, field: string) {
  const change = found?.record.changes.find((each) => each.field === field);
  if (found === null || change === undefined) return null;
  return { ...recordJson(found), from: change.from, to: change.to };
}

function recordJson({ run, record }: FoundRecord) {
  return {
    run: run.id,
    at: (run.finishedAt ?? run.createdAt).toISOString(),
    by: record.decidedBy ?? run.requestedBy,
    externalId: record.externalId,
    action: record.action,
    status: record.status,
    reason: record.reason,
    error: record.error,
  };
}

function criteriaJson(criteria: CriteriaExplanation | null) {
  return (
    criteria && {
      verdict: typeof criteria.verdict === 'object' ? ('unknown' as const) : criteria.verdict,
      conditions: criteria.conditions,
      pattern: criteria.pattern,
      firstFailing: criteria.firstFailing,
      wouldAdmit: criteria.wouldAdmit.map((way) => way.map(({ number }) => number)),
    }
  );
}
