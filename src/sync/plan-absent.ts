import { type Draft, needsOnlyGoneMark, planGone, reportDraft } from '../core/plan/plan-person.ts';
import { limitOf } from '../core/plan/guard.ts';
import { removalRisk } from '../core/plan/risks.ts';
import { askByIds } from './confirm-by-id.ts';
import type { PlannedListing } from './plan-listing.ts';
import { keepDrafts, type RunContext } from './run-context.ts';

const memberPageSize = 500;
/** How many are asked for first when more are missing than a run may remove. */
const sampleSize = 50;
const goneRisk = `${removalRisk}gone`;

export interface AbsentOutcome {
  /** How many members are proven to be gone from the source, by this run or an earlier one. */
  readonly gone: number;
  /** Why nobody is taken as gone; null when absence was proven person by person. */
  readonly doubt: string | null;
}

/**
 * Plans the removal of members who are gone. Absence is never inferred from the listing: each one is asked
 * for by id, and a single one that answers makes the whole listing incomplete. When more are missing than a run
 * may remove, fifty at random are asked first, and all are held: each one is asked for when it is approved.
 */
export async function planAbsent(
  context: RunContext,
  listing: PlannedListing,
): Promise<AbsentOutcome> {
  const nobody = { gone: listing.goneBefore, doubt: listing.doubt };
  if (listing.doubt !== null || context.plan.statusSync.mode === 'ignore') return nobody;
  const { missing, goneEarlier } = await withoutBarred(context, listing.missing);
  const isHeld = await exceedsBrake(context, missing);
  const asked = isHeld ? sample(missing, context.random) : missing;
  const answers = await ask(context, asked, listing.controls);
  if (answers.present !== null) {
    return { ...nobody, doubt: `user ${answers.present} was not listed but answers by id` };
  }
  const [firstUnknown] = answers.unknown;
  if (isHeld && answers.gone.length === 0 && firstUnknown !== undefined) {
    const doubt = `${missing.length} members were not listed, and can't be asked for by id: ${firstUnknown.reason}`;
    return { ...nobody, doubt };
  }
  await keepGone(context, { gone: answers.gone, held: isHeld ? missing : [] });
  if (!isHeld) await reportUnknown(context, answers.unknown);
  return { gone: listing.goneBefore + goneEarlier + answers.gone.length, doubt: null };
}

/** Whose removal stands held or rejected already is not asked for again. */
async function withoutBarred(
  context: RunContext,
  ids: readonly string[],
): Promise<{ readonly missing: readonly string[]; readonly goneEarlier: number }> {
  const missing: string[] = [];
  let goneEarlier = 0;
  for (const page of pagesOf(ids)) {
    const standing = await context.standing.of(page);
    for (const externalId of page) {
      const barring = standing.get(externalId)?.filter(({ risks }) => risks.includes(goneRisk));
      const [first] = barring ?? [];
      if (first === undefined) missing.push(externalId);
      else {
        context.standing.countBarred(externalId, first.status === 'held' ? 'held' : 'rejected');
        if (first.confirmed) goneEarlier += 1;
      }
    }
  }
  return { missing, goneEarlier };
}

/** Whether taking all of them as gone would remove more members than one run may. */
async function exceedsBrake(context: RunContext, missing: readonly string[]): Promise<boolean> {
  const { removals } = context.store.config.safeguards;
  if (missing.length <= sampleSize || missing.length <= removals.floor) return false;
  const { active } = await context.members.counts(context.store.id);
  const limit = limitOf(removals, active);
  let removed = 0;
  for (const page of pagesOf(missing)) {
    context.checkpoint();
    const members = await context.members.bySourceIds(context.store.id, page);
    removed += members.filter((member) => {
      const draft = planGone(context.plan, member);
      return draft?.risks.includes(goneRisk) ?? false;
    }).length;
    if (removed > limit) return true;
  }
  return false;
}

/** Some of the ids, each as likely as any other: the first steps of a Fisher–Yates shuffle. */
function sample(ids: readonly string[], random: () => number): readonly string[] {
  const shuffled = [...ids];
  for (let at = 0; at < sampleSize; at += 1) {
    const from = at + Math.floor(random() * (shuffled.length - at));
    [shuffled[at], shuffled[from]] = [shuffled[from] as string, shuffled[at] as string];
  }
  return shuffled.slice(0, sampleSize);
}

interface Answers {
  /** Somebody who is there after all. */
  readonly present: string | null;
  readonly gone: readonly string[];
  readonly unknown: readonly { readonly externalId: string; readonly reason: string }[];
}

async function ask(
  context: RunContext,
  ids: readonly string[],
  controls: readonly string[],
): Promise<Answers> {
  const gone: string[] = [];
  const unknown: { readonly externalId: string; readonly reason: string }[] = [];
  const asked = askByIds(ids, { directory: context.directory, controls });
  for await (const { externalId, answer } of asked) {
    context.checkpoint();
    if (answer.is === 'present') return { present: externalId, gone, unknown };
    if (answer.is === 'gone') gone.push(externalId);
    else unknown.push({ externalId, reason: answer.reason });
    context.report({ phase: 'confirming', done: gone.length + unknown.length, total: ids.length });
  }
  return { present: null, gone, unknown };
}

async function keepGone(
  context: RunContext,
  absent: { readonly gone: readonly string[]; readonly held: readonly string[] },
): Promise<void> {
  const isHeld = absent.held.length > 0;
  const confirmed = new Set(absent.gone);
  for (const page of pagesOf(isHeld ? absent.held : absent.gone)) {
    const members = await context.members.bySourceIds(context.store.id, page);
    const standing = await context.standing.of(page);
    const drafts: Draft[] = [];
    for (const member of members) {
      const { draft } = await context.standing.heed(
        member.externalId ?? '',
        standing,
        (barred) => ({ category: 'inScope', draft: planGone(context.plan, member, barred) }),
      );
      if (draft !== null) {
        const held = { status: 'held', confirmed: confirmed.has(member.externalId ?? '') } as const;
        drafts.push(isHeld ? { ...draft, ...held } : draft);
      }
    }
    await keepDrafts(context, drafts);
    if (context.run.mode === 'plan') continue;
    const marked = members.filter(
      (member) => confirmed.has(member.externalId ?? '') && needsOnlyGoneMark(context.plan, member),
    );
    if (marked.length > 0) await context.members.markGone(marked.map(({ id }) => id));
  }
}

async function reportUnknown(context: RunContext, unknown: Answers['unknown']): Promise<void> {
  for (const page of pagesOf(unknown)) {
    const drafts = page.map(({ externalId, reason }) => {
      const words = `was not listed, and can't be asked for by id: ${reason}`;
      return reportDraft(context.plan, { externalId, email: null }, 'problem', words);
    });
    await keepDrafts(context, drafts);
  }
}

function* pagesOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += memberPageSize) {
    yield items.slice(at, at + memberPageSize);
  }
}
