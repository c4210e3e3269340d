import type { Member } from '../../../core/model/member.ts';
import { confirmedAgain, isConfirmedLongEnough, isImmediate } from '../../../core/plan/absence.ts';
import { limitOf } from '../../../core/plan/brakes.ts';
import { type Draft, undecidedDraft } from '../../../core/plan/draft.ts';
import { needsOnlyGoneMark, planUser } from '../../../core/plan/plan-user.ts';
import { removalRisk } from '../../../core/plan/risks.ts';
import { askByIds } from '../../source/ask-by-id.ts';
import type { PlannedListing } from '../listing/plan-listing.ts';
import { type RunContext, saveRecords } from '../run-context.ts';

const memberPageSize = 500;
/** How many users are asked for when more are concerned than a run may remove. */
export const sampleSize = 50;
const goneRisk = `${removalRisk}gone`;

export interface AbsentOutcome {
  /** How many members are proven to be gone from the source, by this run or an earlier one. */
  readonly gone: number;
  /** Why no member counts as gone; null when each absence was proven by id. */
  readonly incompleteReason: string | null;
}

/**
 * Plans the removal of members that are gone. The listing alone proves no absence: the source is asked for each
 * member by id, and a single one that it still has makes the whole listing incomplete. When more are missing than a
 * run may remove, fifty at random are asked for, and all are held: each one is asked for when it is approved.
 */
export async function proveAbsence(
  context: RunContext,
  listing: PlannedListing,
): Promise<AbsentOutcome> {
  const none = { gone: listing.knownGone, incompleteReason: listing.incompleteReason };
  if (listing.incompleteReason !== null || context.plan.statusSync.mode === 'ignore') return none;
  const { missing, goneEarlier } = await withoutBarred(context, listing.missing);
  const isHeld = await exceedsBrake(context, missing);
  const asked = isHeld ? sample(missing, context.random) : missing;
  const answers = await ask(context, asked, listing);
  if (answers.present !== null) {
    return {
      ...none,
      incompleteReason: `user ${answers.present} was not listed but answers when it is asked for`,
    };
  }
  const [firstUnknown] = answers.unknown;
  if (isHeld && answers.gone.length === 0 && firstUnknown !== undefined) {
    const incompleteReason = `${missing.length} members were not listed, and can't be asked for by id: ${firstUnknown.reason}`;
    return { ...none, incompleteReason };
  }
  if (isHeld) await saveHeld(context, missing, answers.gone);
  else {
    await saveGone(context, answers.gone);
    await reportUnknown(context, answers.unknown);
  }
  return { gone: listing.knownGone + goneEarlier + answers.gone.length, incompleteReason: null };
}

/** Leaves out the members whose removal is held or was rejected already: they are not asked for again. */
async function withoutBarred(
  context: RunContext,
  ids: readonly string[],
): Promise<{ readonly missing: readonly string[]; readonly goneEarlier: number }> {
  const missing: string[] = [];
  let goneEarlier = 0;
  for (const page of pagesOf(ids)) {
    const blocking = await context.blocking.of(page);
    for (const externalId of page) {
      const barring = blocking.get(externalId)?.filter(({ risks }) => risks.includes(goneRisk));
      const [first] = barring ?? [];
      if (first === undefined) missing.push(externalId);
      else {
        context.blocking.countBlocked(externalId, first.status === 'held' ? 'held' : 'rejected');
        if (first.confirmed) goneEarlier += 1;
      }
    }
  }
  return { missing, goneEarlier };
}

/** Whether the removal of all missing members would exceed the limit of one run. */
async function exceedsBrake(context: RunContext, missing: readonly string[]): Promise<boolean> {
  const { removals } = context.store.config.safeguards;
  if (missing.length <= sampleSize || missing.length <= removals.floor) return false;
  const active = await context.activeBefore();
  const limit = limitOf(removals, active);
  let removed = 0;
  for (const page of pagesOf(missing)) {
    context.signal.throwIfAborted();
    const members = await context.members.bySourceIds(context.store.id, page);
    removed += members.filter((member) => {
      const { draft } = planUser(context.plan, { reading: 'gone', member });
      return draft?.risks.includes(goneRisk) ?? false;
    }).length;
    if (removed > limit) return true;
  }
  return false;
}

/** At most fifty of the ids, each as likely as any other: the first steps of a Fisher–Yates shuffle. */
export function sample(ids: readonly string[], random: () => number): readonly string[] {
  const shuffled = [...ids];
  const size = Math.min(sampleSize, ids.length);
  for (let at = 0; at < size; at += 1) {
    const from = at + Math.floor(random() * (shuffled.length - at));
    [shuffled[at], shuffled[from]] = [shuffled[from] as string, shuffled[at] as string];
  }
  return shuffled.slice(0, size);
}

interface Answers {
  /** The id of a missing member that the source still has; null when there is none. */
  readonly present: string | null;
  readonly gone: readonly string[];
  readonly unknown: readonly { readonly externalId: string; readonly reason: string }[];
}

async function ask(
  context: RunContext,
  ids: readonly string[],
  { controls, unreadable }: Pick<PlannedListing, 'controls' | 'unreadable'>,
): Promise<Answers> {
  // A row that could not be read hides one member, who is there and is left as it was.
  let explained = unreadable.length;
  const gone: string[] = [];
  const unknown: { readonly externalId: string; readonly reason: string }[] = [];
  const asked = askByIds(ids, { directory: context.directory, controls });
  for await (const { externalId, answer } of asked) {
    context.signal.throwIfAborted();
    if (answer.is === 'present' || answer.is === 'listed') {
      if (explained === 0) return { present: externalId, gone, unknown };
      explained -= 1;
      continue;
    }
    if (answer.is === 'gone') gone.push(externalId);
    else unknown.push({ externalId, reason: answer.reason });
    context.report({ phase: 'confirming', done: gone.length + unknown.length, total: ids.length });
  }
  return { present: null, gone, unknown };
}

async function saveGone(context: RunContext, gone: readonly string[]): Promise<void> {
  let waiting = 0;
  for (const page of pagesOf(gone)) {
    const members = await context.members.bySourceIds(context.store.id, page);
    const confirmed = await confirmedMembers(context, members);
    waiting += members.length - confirmed.length;
    await saveRecords(context, await draftsOf(context, confirmed));
    await markGone(context, confirmed);
  }
  if (waiting === 0) return;
  const { confirmations, over } = context.store.config.safeguards.absence;
  const subject = waiting === 1 ? '1 member is' : `${waiting} members are`;
  context.warnings.push(
    `${subject} gone, and left alone until that is confirmed ${confirmations} times over ${over}`,
  );
}

/** Holds the removal of all missing members; only those of the sample are confirmed as gone. */
async function saveHeld(
  context: RunContext,
  missing: readonly string[],
  gone: readonly string[],
): Promise<void> {
  const sampled = new Set(gone);
  const isSampled = ({ externalId }: { readonly externalId: string | null }) =>
    sampled.has(externalId ?? '');
  for (const page of pagesOf(missing)) {
    const members = await context.members.bySourceIds(context.store.id, page);
    const drafts = await draftsOf(context, members);
    await saveRecords(
      context,
      drafts.map((draft) => ({ ...draft, status: 'held', confirmed: isSampled(draft) })),
    );
    await markGone(context, members.filter(isSampled));
  }
}

async function draftsOf(context: RunContext, members: readonly Member[]): Promise<Draft[]> {
  const blocking = await context.blocking.of(members.map(({ externalId }) => externalId ?? ''));
  const drafts: Draft[] = [];
  for (const member of members) {
    const verdict = context.blocking.planAround(member.externalId ?? '', blocking, (barred) =>
      planUser(context.plan, { reading: 'gone', member }, barred),
    );
    if (verdict.draft !== null) drafts.push(verdict.draft);
  }
  await context.blocking.close();
  return drafts;
}

/** Stores one more confirmation of each absence; returns the members whose absence is confirmed often enough. */
async function confirmedMembers(
  context: RunContext,
  members: readonly Member[],
): Promise<readonly Member[]> {
  const rule = context.store.config.safeguards.absence;
  if (isImmediate(rule)) return members;
  const run = { id: context.run.id, now: context.now() };
  const noted = members.map((member) => ({
    member,
    absence: confirmedAgain(member.absence, run),
  }));
  if (context.run.mode !== 'plan') {
    const notes = noted.map(({ member: { id }, absence }) => ({ id, absence }));
    await context.members.noteAbsences(notes);
  }
  return noted
    .filter(({ absence }) => isConfirmedLongEnough(absence, rule, run.now))
    .map(({ member }) => member);
}

async function markGone(context: RunContext, members: readonly Member[]): Promise<void> {
  const marked = members.filter((member) => needsOnlyGoneMark(context.plan, member));
  if (marked.length === 0 || context.run.mode === 'plan') return;
  await context.members.markGone(marked);
}

/** Reports members that could not be asked for. No page listed them, so the counts of the listing lack them. */
async function reportUnknown(context: RunContext, unknown: Answers['unknown']): Promise<void> {
  const [first] = unknown;
  if (first === undefined) return;
  const subject = unknown.length === 1 ? '1 member was' : `${unknown.length} members were`;
  context.warnings.push(
    `${subject} not listed, can't be asked for by id, and left alone: ${first.reason}`,
  );
  for (const page of pagesOf(unknown)) {
    const drafts = page.map(({ externalId, reason }) => {
      const words = `was not listed, and can't be asked for by id: ${reason}`;
      return undecidedDraft(context.plan, { externalId, email: null }, words);
    });
    await saveRecords(context, drafts);
  }
}

function* pagesOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += memberPageSize) {
    yield items.slice(at, at + memberPageSize);
  }
}
