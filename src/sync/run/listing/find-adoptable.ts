import type { Member } from '../../../core/model/member.ts';
import { isAdoptable } from '../../../core/plan/adoptable.ts';
import { decide } from '../../../core/plan/decision-table.ts';
import type { Reading } from '../../../core/plan/read-user.ts';
import type { MemberStore } from '../../../ports/members.ts';
import type { RunContext } from '../run-context.ts';

type InScope = Extract<Reading, { kind: 'in-scope' }>;

export interface Owners {
  /** Members outside this store that users without a member take over, by source id: kept or added by hand. */
  readonly adoptable: ReadonlyMap<string, Member>;
  /** Address keys of these users that a member has, or a record of this run claims. */
  readonly taken: ReadonlySet<string>;
}

/** Finds the members that users without a member take over, and which of the users' addresses are taken. */
export async function findOwners(
  {
    context,
    hasKept,
  }: {
    readonly context: RunContext;
    /** Whether any member was kept from a removed store of this origin. */
    readonly hasKept: boolean;
  },
  readings: readonly Reading[],
): Promise<Owners> {
  const withoutMember = readings.filter((reading) => mayBecomeMember(context.plan, reading));
  if (withoutMember.length === 0) return { adoptable: new Map(), taken: new Set() };
  const adoptable = new Map<string, Member>();
  if (hasKept) {
    const ids = withoutMember.map(({ externalId }) => externalId);
    for (const member of await context.members.keptFrom(context.plan.origin, ids)) {
      if (member.externalId !== null) adoptable.set(member.externalId, member);
    }
  }
  const others = withoutMember.filter(({ externalId }) => !adoptable.has(externalId));
  const owned = await findOwnersOfAddresses(context, others);
  return {
    adoptable: new Map([...adoptable, ...owned.adoptable]),
    taken: new Set([
      ...context.writer.arriving(others.map(({ emailKey }) => emailKey)),
      ...owned.taken,
    ]),
  };
}

/** Looks up the members that have the addresses of users without a member, and which of them are adoptable. */
export async function findOwnersOfAddresses(
  {
    members,
    store,
  }: Pick<RunContext, 'store'> & { readonly members: Pick<MemberStore, 'byEmailKeys'> },
  users: readonly InScope[],
): Promise<Owners> {
  const claimants = new Map<string, string[]>();
  for (const { emailKey, externalId } of users) {
    claimants.set(emailKey, [...(claimants.get(emailKey) ?? []), externalId]);
  }
  const adoptable = new Map<string, Member>();
  const taken = new Set<string>();
  if (claimants.size === 0) return { adoptable, taken };
  for (const owner of await members.byEmailKeys([...claimants.keys()])) {
    if (owner.emailKey === null) continue;
    taken.add(owner.emailKey);
    if (!isAdoptable(owner, store)) continue;
    for (const externalId of claimants.get(owner.emailKey) ?? []) adoptable.set(externalId, owner);
  }
  return { adoptable, taken };
}

/** Whether a user without a member would get one. A user that is skipped needs no lookup. */
function mayBecomeMember({ statusSync }: RunContext['plan'], reading: Reading): reading is InScope {
  return reading.kind === 'in-scope' && decide(reading.state, 'none', statusSync) !== 'skip';
}
