import { type GroupResults, noGroupCounts } from '../../../core/model/group.ts';
import type { Draft } from '../../../core/plan/draft.ts';
import { closeBlockingRecord } from '../../../core/plan/open-decisions.ts';
import type { Proof } from '../planning/plan-by-id.ts';
import { resolveRuns } from '../records/resolve-runs.ts';
import { type GroupContext, type GroupPlanning, readBlocking } from './group-planning.ts';
import { countLeftEarlier } from './left-earlier.ts';
import { listGroups } from './list-groups.ts';
import { planLeft } from './plan-left.ts';
import { planListed } from './plan-listed.ts';
import { planMissing } from './plan-missing.ts';
import { judgeGrants, planLostRoles } from './plan-roles.ts';
import { severalAtATime } from './several-at-a-time.ts';

/**
 * Lists the groups of the source and plans, for each that is followed, its name and who joins and leaves it. Runs when
 * the users are planned, so that who becomes a member in this run joins too. Null for a store that does not sync groups.
 */
export async function planGroups(
  context: GroupContext,
  proof: Proof,
): Promise<GroupResults | null> {
  const { store, run, directory, groups } = context;
  const { sync, criteria } = store.config.groups;
  if (!sync) return planFrozen(context);
  const listing = await listGroups(directory, criteria);
  const known = new Map((await groups.list(store.id)).map((group) => [group.externalId, group]));
  const blocking = await readBlocking(context);
  let earlier: Promise<ReadonlyMap<string, number>> | null = null;
  const planning: GroupPlanning = {
    ...context,
    listing,
    known,
    isFirstImport: [...known.values()].every(({ status }) => status === 'staged'),
    blockingGroups: blocking,
    leftEarlier: () => (earlier ??= countLeftEarlier(context)),
    notes: [],
    dropped: [],
    followed: new Set(),
    leaving: new Set(),
    joining: new Set(),
    grants: [],
    controls: [],
    unlinked: new Set(),
  };
  const counts = { ...noGroupCounts, listed: listing.groups.size };
  const wanted = [...listing.groups.values()].filter((group) => {
    if (group.scope === 'in') counts.inScope += 1;
    return group.scope !== 'out' || known.has(group.id);
  });
  const planned = severalAtATime(wanted, (group) => planListed(planning, group));
  for await (const drafts of planned) {
    context.signal.throwIfAborted();
    if (drafts === 'unchanged') counts.unchanged += 1;
    else await saveDrafts(planning, drafts);
  }
  await saveDrafts(planning, await planMissing(planning));
  await saveDrafts(planning, await judgeGrants(planning, planning.grants));
  const nameOf = (id: string): string => known.get(id)?.name ?? id;
  const { roles } = store.config.groups;
  const givesRole = (id: string): boolean =>
    roles[id] !== undefined && known.get(id)?.status === 'followed' && !planning.unlinked.has(id);
  await saveDrafts(planning, await planLostRoles(planning, givesRole, nameOf));
  await planLeft(planning, proof);
  warnOf(planning);
  if (run.mode !== 'plan') {
    await groups.putMany(planning.notes);
    await groups.removeMany(store.id, planning.dropped);
    await closeBlocking(planning);
  }
  counts.heldEarlier = blocking.heldEarlier.size;
  return { counts, certificate: listing.certificate };
}

/** A store that does not sync groups keeps them as they are; the roles that they gave go. */
async function planFrozen(context: GroupContext): Promise<GroupResults | null> {
  const drafts = await planLostRoles(
    context,
    () => false,
    (id) => id,
  );
  if (drafts.length === 0) return null;
  await saveDrafts(context, drafts);
  return { counts: noGroupCounts, certificate: null };
}

async function closeBlocking({
  blockingGroups: { noLongerTrue },
  records,
  clock,
  runs,
}: GroupPlanning): Promise<void> {
  if (noLongerTrue.length === 0) return;
  await records.replaceMany(noLongerTrue.map((record) => closeBlockingRecord(record, clock.now())));
  await resolveRuns({ records, runs, clock }, [...new Set(noLongerTrue.map(({ runId }) => runId))]);
}

async function saveDrafts(
  { records, takeSeq }: Pick<GroupContext, 'records' | 'takeSeq'>,
  drafts: readonly Draft[],
): Promise<void> {
  if (drafts.length > 0) {
    await records.insertMany(drafts.map((draft) => ({ ...draft, seq: takeSeq() })));
  }
}

function warnOf({ listing, isFirstImport, warnings, notes }: GroupPlanning): void {
  const { incompleteReason } = listing;
  if (incompleteReason !== null) {
    warnings.push(
      `the list of groups is incomplete, so no group was taken as gone: ${incompleteReason}`,
    );
  }
  const staged = notes.filter(({ status }) => status === 'staged').length;
  if (isFirstImport && staged > 0) {
    warnings.push(
      `held: ${staged === 1 ? '1 group' : `${staged} groups`} that the first import found; take all or some of them`,
    );
  }
}
