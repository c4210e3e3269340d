import { mapUser } from '../core/mapping/map-user.ts';
import type { Member } from '../core/model/member.ts';
import type { SyncRecord } from '../core/model/record.ts';
import { type ListedUser, isUnreadable } from '../core/model/source-user.ts';
import {
  type Category,
  type Draft,
  planAdoption,
  planGone,
  planPerson,
  reportDraft,
  type Verdict,
} from '../core/plan/plan-person.ts';
import { readUser } from '../core/plan/read-user.ts';
import { askByIds, type IdAnswer } from './confirm-by-id.ts';
import type { RunContext } from './run-context.ts';

const recordPageSize = 500;

/**
 * Decides every planned removal of a listed person once more, on the full record that the source gives by id
 * and, for `memberOf`, on the user's own group list. What no longer holds is planned anew; who can't be asked
 * for is left alone and reported.
 */
export async function confirmRemovals(
  context: RunContext,
  controls: readonly string[],
): Promise<void> {
  const { records, run } = context;
  let afterSeq = -1;
  for (;;) {
    context.checkpoint();
    const page = await records.page({
      runId: run.id,
      statuses: ['planned'],
      afterSeq,
      limit: recordPageSize,
    });
    const last = page.at(-1);
    if (last === undefined) return;
    afterSeq = last.seq;
    await confirmPage(
      context,
      page.filter(({ cause, confirmed }) => cause !== null && !confirmed),
      controls,
    );
  }
}

async function confirmPage(
  context: RunContext,
  removals: readonly SyncRecord[],
  controls: readonly string[],
): Promise<void> {
  if (removals.length === 0) return;
  const members = await context.members.byIds(removals.map(({ memberId }) => memberId ?? ''));
  const memberById = new Map(members.map((member) => [member.id, member]));
  const recordOf = new Map(removals.map((record) => [record.externalId ?? '', record]));
  const replaced: SyncRecord[] = [];
  const dropped: string[] = [];
  const asked = askByIds([...recordOf.keys()], { directory: context.directory, controls });
  for await (const { externalId, answer } of asked) {
    const record = recordOf.get(externalId);
    const member = memberById.get(record?.memberId ?? '');
    if (record === undefined) continue;
    const verdict = await decideAgain(context, { record, member: member ?? null, answer });
    const before: Category = record.cause === 'out-of-scope' ? 'outOfScope' : 'inScope';
    context.tally.move(
      before,
      verdict.category,
      verdict.category === 'inScope' && verdict.draft === null,
    );
    if (verdict.draft === null) dropped.push(record.id);
    else
      replaced.push({ ...verdict.draft, confirmed: verdict.draft.cause !== null, seq: record.seq });
  }
  await context.records.replaceMany(replaced);
  await context.records.removeMany(dropped);
}

async function decideAgain(
  context: RunContext,
  subject: {
    readonly record: SyncRecord;
    readonly member: Member | null;
    readonly answer: IdAnswer;
  },
): Promise<Verdict> {
  const { record, member, answer } = subject;
  const person = { externalId: record.externalId ?? '', email: record.email };
  const problem = (reason: string): Verdict => ({
    category: 'problem',
    draft: reportDraft(context.plan, person, 'problem', reason),
  });
  if (member === null) return problem('the member was removed meanwhile');
  if (answer.is === 'unknown') return problem(`can't be asked for by id: ${answer.reason}`);
  if (answer.is === 'gone') {
    const draft: Draft | null =
      member.storeId === context.store.id ? planGone(context.plan, member) : null;
    return { category: record.cause === 'out-of-scope' ? 'outOfScope' : 'inScope', draft };
  }
  const reading = await readAfresh(context, answer.user);
  if (member.storeId === context.store.id) return planPerson(context.plan, reading, member);
  // Not this store's yet: adopted, or none of its business.
  return reading.kind === 'in-scope'
    ? planAdoption(context.plan, reading, member)
    : planPerson(context.plan, reading, null);
}

async function readAfresh(context: RunContext, user: ListedUser) {
  const scope = isUnreadable(user) ? 'in' : await context.scope.afresh(user);
  return readUser(user, { scopeOf: () => scope, map: (known) => mapUser(context.mapping, known) });
}
