import { type Draft, needsOnlyGoneMark, planGone, reportDraft } from '../core/plan/plan-person.ts';
import { askByIds } from './confirm-by-id.ts';
import type { PlannedListing } from './plan-listing.ts';
import { keepDrafts, type RunContext } from './run-context.ts';

const memberPageSize = 500;

export interface AbsentOutcome {
  /** How many members are proven to be gone from the source, by this run or an earlier one. */
  readonly gone: number;
  /** Why nobody is taken as gone; null when absence was proven person by person. */
  readonly doubt: string | null;
}

/**
 * Plans the removal of members who are gone. Absence is never inferred from the listing: each one is asked
 * for by id, and a single one that answers makes the whole listing incomplete.
 */
export async function planAbsent(
  context: RunContext,
  listing: PlannedListing,
): Promise<AbsentOutcome> {
  const nobody = { gone: listing.goneBefore, doubt: listing.doubt };
  if (listing.doubt !== null || context.plan.statusSync.mode === 'ignore') return nobody;
  const gone: string[] = [];
  const unknown: { readonly externalId: string; readonly reason: string }[] = [];
  let asked = 0;
  for await (const { externalId, answer } of askByIds(listing.missing, {
    directory: context.directory,
    controls: listing.controls,
  })) {
    context.checkpoint();
    if (answer.is === 'present') {
      return { ...nobody, doubt: `user ${externalId} was not listed but answers by id` };
    }
    if (answer.is === 'gone') gone.push(externalId);
    else unknown.push({ externalId, reason: answer.reason });
    asked += 1;
    context.report({ phase: 'confirming', done: asked, total: listing.missing.length });
  }
  await keepGone(context, gone);
  for (let at = 0; at < unknown.length; at += memberPageSize) {
    const drafts = unknown.slice(at, at + memberPageSize).map(({ externalId, reason }) => {
      const words = `was not listed, and can't be asked for by id: ${reason}`;
      return reportDraft(context.plan, { externalId, email: null }, 'problem', words);
    });
    await keepDrafts(context, drafts);
  }
  return { gone: listing.goneBefore + gone.length, doubt: null };
}

async function keepGone(context: RunContext, externalIds: readonly string[]): Promise<void> {
  for (let at = 0; at < externalIds.length; at += memberPageSize) {
    const page = externalIds.slice(at, at + memberPageSize);
    const members = await context.members.bySourceIds(context.store.id, page);
    const drafts = members.map((member) => planGone(context.plan, member));
    await keepDrafts(
      context,
      drafts.filter((draft): draft is Draft => draft !== null),
    );
    if (context.run.mode === 'plan') continue;
    const marked = members.filter((member) => needsOnlyGoneMark(context.plan, member));
    if (marked.length > 0) await context.members.markGone(marked.map(({ id }) => id));
  }
}
