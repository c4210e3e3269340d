import { spellingsOf } from '../../core/email.ts';
import type { Member } from '../../core/model/member.ts';
import type { SyncRecord } from '../../core/model/record.ts';
import { foldText } from '../../core/scim/search-form.ts';
import type { Ports } from '../../ports/index.ts';
import type { ScimUserStore } from '../../ports/scim.ts';
import type { PeoplePlan, PlannedPerson } from './plan-people.ts';

/** The members that have the address which was pushed for another user, by that user's source id. */
export async function membersHoldingAddresses(
  { members }: Pick<Ports, 'members'>,
  people: readonly PlannedPerson[],
  records: ReadonlyMap<string, SyncRecord>,
): Promise<ReadonlyMap<string, Member>> {
  const without = people.filter(({ externalId, emailKey, member }) => {
    const record = records.get(externalId);
    const isGiven = record?.status === 'applied' && record.claim === emailKey;
    return emailKey !== null && emailKey !== member?.emailKey && !isGiven;
  });
  if (without.length === 0) return new Map();
  const keys = [...new Set(without.flatMap(({ emailKey }) => emailKey ?? []))];
  const owners = new Map(
    (await members.byEmailKeys(keys)).map((owner) => [owner.emailKey ?? '', owner]),
  );
  return new Map(
    without.flatMap(({ externalId, emailKey, member }): [string, Member][] => {
      const owner = owners.get(emailKey ?? '');
      return owner === undefined || owner.id === member?.id ? [] : [[externalId, owner]];
    }),
  );
}

/**
 * Users of the store that are not in the batch, and whose members have addresses that records of the batch lost.
 * Planned together with the batch, they release their addresses if they want other ones.
 */
export async function blockersToReplan(batch: {
  readonly storeId: string;
  readonly plan: PeoplePlan;
  readonly records: readonly SyncRecord[];
}): Promise<readonly string[]> {
  const { storeId, plan, records } = batch;
  const claimOf = new Map(
    plan.people.map(({ externalId, verdict }) => [externalId, verdict.draft?.claim]),
  );
  const lost = records
    .filter(({ claim }) => claim === null)
    .flatMap(({ externalId }) => claimOf.get(externalId ?? '') ?? []);
  if (lost.length === 0) return [];
  return (await plan.owners.byEmailKeys([...new Set(lost)]))
    .filter((owner) => owner.storeId === storeId)
    .flatMap(({ externalId }) => externalId ?? [])
    .filter((id) => !claimOf.has(id));
}

/** Members, as they were, whose address is free now, or which are gone and give it up to any claimant. */
export function releasedBy(plan: PeoplePlan, records: readonly SyncRecord[]): readonly Member[] {
  const applied = records.filter(({ status }) => status === 'applied');
  const recordOf = new Map(applied.map((record) => [record.externalId, record]));
  const taken = new Set(applied.map(({ claim }) => claim));
  return plan.people.flatMap(({ externalId, version, member }) => {
    if (member === null || member.emailKey === null || taken.has(member.emailKey)) return [];
    const record = recordOf.get(externalId);
    const isMoved = record !== undefined && record.claim !== null;
    return version === null || record?.action === 'delete' || isMoved ? [member] : [];
  });
}

/** The addresses that an applied record took from its member, or that a gone member gives up to any claimant. */
export function releasedAddresses({ cause, email, changes }: SyncRecord): readonly string[] {
  const before = changes
    .filter(({ field }) => field === 'email' || field === 'emailKey')
    .flatMap(({ from }) => from ?? []);
  return cause === 'gone' && email !== null ? [...before, email] : before;
}

/** The ids of the store's users that were pushed with one of these addresses. */
export async function usersWantingAddresses(
  { scim }: { readonly scim: { readonly users: Pick<ScimUserStore, 'linked'> } },
  storeId: string,
  addresses: readonly string[],
): Promise<readonly string[]> {
  if (addresses.length === 0) return [];
  const folded = addresses.flatMap(spellingsOf).map(foldText);
  const users = await scim.users.linked(storeId, { pulledIds: [], addresses: folded });
  return users.map(({ id }) => id);
}
