import type { GroupResults } from '../../core/model/group.ts';
import { type Counts, type Guard, noCounts } from '../../core/model/run.ts';
import { conflictOf } from '../../core/plan/claims.ts';
import { askByIds } from '../source/ask-by-id.ts';
import { checkReach, connectionTo } from '../source/connect-source.ts';
import { planGroups } from './groups/plan-groups.ts';
import { type PlannedListing, planListing } from './listing/plan-listing.ts';
import { openSource } from './open-context.ts';
import { applyBrakes } from './planning/apply-brakes.ts';
import { confirmArrivals } from './planning/confirm-arrivals.ts';
import { confirmRemovals } from './planning/confirm-removals.ts';
import { countUndecided } from './planning/count-undecided.ts';
import { type ClaimsContext, resolveEmailClaims } from './planning/email-claims.ts';
import { proveAbsence } from './planning/prove-absence.ts';
import { repairLostPushes } from './planning/repair-lost-pushes.ts';
import { countGroups } from './records/count-groups.ts';
import { countPlan } from './records/count-outcomes.ts';
import type { RunContext } from './run-context.ts';
import type { Plan, Planning, SyncPorts } from './run-ports.ts';

/** Of earlier runs, to find the last one that listed the source. */
const mostLookedAt = 50;

/** Lists the source and plans the run: every change is stored as a record before it is applied. */
export async function planRun(ports: SyncPorts, planning: Planning): Promise<Plan> {
  const { run, store, warnings } = planning;
  if (store.via === 'scim') await repairPushes(ports, planning);
  const context = await openSource(ports, planning);
  if (run.mode === 'delta') return planPushedGroups(ports, context);
  const listing = await planListing(context);
  const seen = { ...noCounts, ...context.tally.counts };
  planning.worker.onStep?.('listed', { ...run, counts: seen });
  const absent = await proveAbsence(context, listing);
  const proof = { controls: listing.controls, incompleteReason: absent.incompleteReason };
  if (listing.arrivals.length > 0) await confirmArrivals(context, listing.arrivals, proof);
  const claims = claimsOf(context, listing);
  if (context.planSummary.needsChecks) {
    await confirmRemovals(context, proof);
    await resolveEmailClaims(claims);
  }
  const groups = await planGroups({ ...ports, ...context }, proof);
  const guards = await brake(ports, context, () => resolveEmailClaims(claims));
  await context.blocking.resolve();
  warnOfListing(warnings, listing, absent.incompleteReason);
  if (await isScopeNewlyEmpty(ports, context)) {
    const { listed } = context.tally.counts;
    warnings.push(`nobody is in scope: the criteria match none of the ${listed} listed users`);
  }
  const { newSizes } = context.scope;
  if (run.mode === 'full' && newSizes !== null) {
    await ports.stores.keepGroupSizes(store.id, newSizes);
  }
  const isIncomplete = absent.incompleteReason !== null;
  return {
    configRevision: store.configRevision,
    guards,
    certificate: { ...listing.certificate, complete: !isIncomplete },
    undecided: await countUndecided(ports, run, isIncomplete),
    counts: {
      ...noCounts,
      ...(await countPlan(ports, run.id)),
      ...context.tally.counts,
      ...context.blocking.counts,
      gone: absent.gone,
    },
    groups: await countedGroups(ports, run.id, groups),
    warnings,
  };
}

/** Plans what a directory pushed about groups. It pushes users by themselves, so none is listed. */
async function planPushedGroups(ports: SyncPorts, context: RunContext): Promise<Plan> {
  const { run, store, warnings } = context;
  const groups = await planGroups(
    { ...ports, ...context },
    { controls: [], incompleteReason: null },
  );
  const guards = await brake(ports, context, async () => undefined);
  await context.blocking.resolve();
  return {
    configRevision: store.configRevision,
    guards,
    certificate: null,
    undecided: null,
    counts: { ...noCounts, ...(await countPlan(ports, run.id)), ...context.blocking.counts },
    groups: await countedGroups(ports, run.id, groups),
    warnings,
  };
}

/** Holds what a safeguard has too many of; what is held claims no address. */
async function brake(
  ports: SyncPorts,
  context: RunContext,
  resolveClaims: () => Promise<void>,
): Promise<readonly Guard[]> {
  if (!context.planSummary.needsChecks) return [];
  const brakes = await applyBrakes({ ...ports, ...context }, isScopeEmpty(context.tally));
  if (brakes.length > 0) await resolveClaims();
  context.warnings.push(...brakes.map(({ reason }) => reason));
  return brakes.map(({ guard }) => guard);
}

async function countedGroups(
  { records }: Pick<SyncPorts, 'records'>,
  runId: string,
  groups: GroupResults | null,
): Promise<GroupResults | null> {
  if (groups === null) return null;
  return { ...groups, counts: { ...groups.counts, ...(await countGroups(records, runId)) } };
}

function isScopeEmpty({
  counts,
}: {
  readonly counts: Pick<Counts, 'listed' | 'outOfScope'>;
}): boolean {
  return counts.listed > 0 && counts.outOfScope === counts.listed;
}

/** Whether no user is in scope, in the first run of a store or after a run with users in scope. */
async function isScopeNewlyEmpty(
  { runs }: Pick<SyncPorts, 'runs'>,
  { run, store, tally }: RunContext,
): Promise<boolean> {
  if (!isScopeEmpty(tally)) return false;
  const window = {
    storeId: store.id,
    modes: ['full'],
    before: run.id,
    limit: mostLookedAt,
  } as const;
  const last = (await runs.list(window)).find(({ certificate }) => certificate !== null);
  return last === undefined || !isScopeEmpty(last);
}

function warnOfListing(warnings: string[], listing: PlannedListing, reason: string | null): void {
  if (reason !== null) {
    warnings.push(`the listing is incomplete, so nobody was taken as gone: ${reason}`);
  }
  const { unreadable } = listing;
  if (unreadable.length > 0) {
    const ranges = unreadable.map((skip) => `skip=${skip}, limit=1`).join('; ');
    warnings.push(
      `the directory gives no answer for ${unreadable.length === 1 ? '1 row' : `${unreadable.length} rows`} of its users (${ranges}): members in these gaps are asked for by id`,
    );
  }
  const problems = listing.certificate.problems - unreadable.length;
  if (problems <= 0) return;
  const rows = problems === 1 ? '1 row' : `${problems} rows`;
  warnings.push(`${rows} of the listing had no readable id`);
}

/** An inactive member gives up its address when the source, asked by id, no longer has its user. */
function claimsOf(context: RunContext, listing: PlannedListing): ClaimsContext {
  return {
    runId: context.run.id,
    refuseClaim: conflictOf,
    storeId: context.store.id,
    members: context.members,
    records: context.records,
    takeSeq: context.takeSeq,
    async isGone({ externalId }) {
      if (externalId === null || listing.incompleteReason !== null) return false;
      if (listing.listed.has(externalId)) return false;
      const { directory } = context;
      const asked = askByIds([externalId], { directory, controls: listing.controls });
      for await (const { answer } of asked) return answer.is === 'gone';
      return false;
    },
  };
}

/** For a store with SCIM and an API credential: compares what was pushed with the API and repairs lost pushes. */
async function repairPushes(ports: SyncPorts, planning: Planning): Promise<void> {
  const { run, store, warnings, lease } = planning;
  const credential = await ports.stores.credential(store.id);
  if (credential === null) return;
  await repairLostPushes({
    store,
    directory: ports.connectDirectory({
      ...connectionTo(store, credential, lease.signal),
      provesRefusals: true,
    }),
    users: ports.scim.users,
    isPreview: run.mode === 'plan',
    warnings,
    checkReach: (directory) => checkReach(directory, store),
    signal: lease.signal,
  });
}
