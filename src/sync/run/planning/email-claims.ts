import type { Member } from '../../../core/model/member.ts';
import { recordId, type SyncRecord } from '../../../core/model/record.ts';
import {
  claimWonBy,
  givesUpAddress,
  isOwnMove,
  releaseAddressOf,
} from '../../../core/plan/claims.ts';
import type { MemberStore } from '../../../ports/members.ts';
import type { RecordStore } from '../../../ports/records.ts';
import { saveRecords } from '../run-context.ts';
import type { SyncPorts } from '../run-ports.ts';

const pageSize = 500;

export interface ClaimsContext {
  readonly runId: string;
  /** Makes the record that replaces a claim on an address which its owner keeps. */
  readonly refuseClaim: (claimant: SyncRecord, owner: Member) => SyncRecord;
  /** The store whose members may give up an address; null for none. */
  readonly storeId: string | null;
  readonly members: Pick<MemberStore, 'byEmailKeys'>;
  readonly records: Pick<
    RecordStore,
    'contestedClaims' | 'claimsPage' | 'byIds' | 'replaceMany' | 'insertMany'
  >;
  /** Null where no record can be added: then only a member with a record in this run gives up its address. */
  readonly takeSeq: (() => number) | null;
  /** Asks the source whether an inactive member is gone. */
  readonly isGone: (owner: Member) => Promise<boolean>;
}

/**
 * Resolves the email claims of a stored plan. Of two users that claim one address, the lower source id wins. An
 * address that a member has is free only if the member changes it in this run, or is gone from the source and gives
 * it up. All other claims become conflicts, and both sides stay as they are. Called again after a brake held records:
 * the claims that relied on them become conflicts.
 */
export async function resolveEmailClaims(context: ClaimsContext): Promise<void> {
  await resolveContestedClaims(context);
  // A member whose record became a conflict keeps its address, so the claims on that address are resolved again.
  while (await resolveOwnedClaims(context));
}

async function resolveContestedClaims(context: ClaimsContext): Promise<void> {
  const contested = await context.records.contestedClaims(context.runId);
  for (let at = 0; at < contested.length; at += pageSize) {
    const winners = new Map(
      contested.slice(at, at + pageSize).map(({ claim, winner }) => [claim, winner]),
    );
    await refuseLosers(context, winners);
  }
}

async function refuseLosers(
  context: ClaimsContext,
  winners: ReadonlyMap<string, string>,
): Promise<void> {
  const claims = [...winners.keys()];
  let afterSeq = -1;
  for (;;) {
    const rivals = await context.records.claimsPage({
      runId: context.runId,
      claims,
      afterSeq,
      limit: pageSize,
    });
    const last = rivals.at(-1);
    if (last === undefined) return;
    afterSeq = last.seq;
    const losers = rivals.flatMap((rival) => {
      const winner = winners.get(rival.claim ?? '');
      return winner === undefined || winner === rival.externalId ? [] : [claimWonBy(rival, winner)];
    });
    await context.records.replaceMany(losers);
  }
}

async function resolveOwnedClaims(context: ClaimsContext): Promise<boolean> {
  let afterSeq = -1;
  let ownerStays = false;
  for (;;) {
    const page = await context.records.claimsPage({
      runId: context.runId,
      afterSeq,
      limit: pageSize,
    });
    const last = page.at(-1);
    if (last === undefined) return ownerStays;
    afterSeq = last.seq;
    ownerStays = (await resolvePage(context, page)) || ownerStays;
  }
}

async function resolvePage(context: ClaimsContext, page: readonly SyncRecord[]): Promise<boolean> {
  const claimants = new Map<string, SyncRecord>();
  for (const record of page) if (record.claim !== null) claimants.set(record.claim, record);
  const owners = await context.members.byEmailKeys([...claimants.keys()]);
  const otherOwners = owners.filter(
    (owner) => claimants.get(owner.emailKey ?? '')?.memberId !== owner.id,
  );
  const plans = await plansOf(context, otherOwners);
  let ownerStays = false;
  for (const owner of otherOwners) {
    const claimant = claimants.get(owner.emailKey ?? '');
    if (claimant === undefined) continue;
    const found = plans.get(owner.externalId ?? '') ?? null;
    // Members of two stores can have the same source id: then the record is the other member's.
    const plan = found?.memberId === owner.id ? found : null;
    if (plan !== null && isOwnMove(plan, owner)) continue;
    if (await mayRelease(context, { owner, plan })) {
      await release(context, { owner, plan, claimant });
    } else {
      // The owner was created early, while the source was listed: its source id is lower, so it wins the claim.
      const wasFirst = plan?.action === 'create' && plan.status === 'applied';
      const loser = wasFirst
        ? claimWonBy(claimant, plan.externalId ?? '')
        : context.refuseClaim(claimant, owner);
      await context.records.replaceMany([loser]);
      ownerStays ||= claimant.fromRevision !== null;
    }
  }
  return ownerStays;
}

/** The records of this run for these members, by source id. */
async function plansOf(
  context: ClaimsContext,
  members: readonly Member[],
): Promise<ReadonlyMap<string, SyncRecord>> {
  const ids = members
    .filter(({ externalId }) => externalId !== null)
    .map(({ externalId }) => recordId(context.runId, externalId ?? ''));
  const records = ids.length === 0 ? [] : await context.records.byIds(ids);
  return new Map(records.map((record) => [record.externalId ?? '', record]));
}

interface Holding {
  readonly owner: Member;
  readonly plan: SyncRecord | null;
}

/** Whether the owner gives up its address: only an inactive member of this store that is proven gone does. */
async function mayRelease(context: ClaimsContext, { owner, plan }: Holding): Promise<boolean> {
  const { storeId } = context;
  // A member kept from a removed store has no store either, like `storeId` where no member gives up its address.
  if (storeId === null || owner.storeId !== storeId || owner.externalId === null) return false;
  if (plan === null ? context.takeSeq === null : plan.status !== 'planned') return false;
  if (givesUpAddress(owner, plan)) return true;
  return owner.status === 'inactive' && context.isGone(owner);
}

async function release(
  context: ClaimsContext,
  holding: Holding & { readonly claimant: SyncRecord },
): Promise<void> {
  const { owner, plan, claimant } = holding;
  const draft = releaseAddressOf(context, { owner, plan, winner: claimant.externalId ?? '' });
  const { takeSeq } = context;
  if (plan !== null) await context.records.replaceMany([{ ...draft, seq: plan.seq }]);
  else if (takeSeq !== null) await saveRecords({ ...context, takeSeq }, [draft]);
}

/** Resolves claims without releasing an address: an owner gives it up only by a record of its own. */
export function ownMovesOnly(
  { members, records }: Pick<SyncPorts, 'members' | 'records'>,
  runId: string,
): Omit<ClaimsContext, 'refuseClaim'> {
  return {
    runId,
    members,
    records,
    storeId: null,
    isGone: async () => false,
    takeSeq: null,
  };
}
