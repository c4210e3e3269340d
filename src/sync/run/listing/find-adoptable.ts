import type { Member } from '../../../core/model/member.ts';
import { isAdoptable } from '../../../core/plan/adoptable.ts';
import { decide } from '../../../core/plan/decision-table.ts';
import type { Reading } from '../../../core/plan/read-user.ts';
import type { RunContext } from '../run-context.ts';
import type { ListingWriter } from './early-creates.ts';

type InScope = Extract<Reading, { kind: 'in-scope' }>;

export interface Owners {
  /** Members outside this store that users without a member take over, by source id: kept ones, and ones of by hand. */
  readonly adoptable: ReadonlyMap<string, Member>;
  /** Address keys of these users that somebody has, or is about to. */
  readonly taken: ReadonlySet<string>;
}

/** Who has, or is about to have, what users without a member would take over. */
export async function findOwners(
  {
    context,
    hasKept,
    writer,
  }: {
    readonly context: RunContext;
    /** Whether any member was kept from a removed store of this origin. */
    readonly hasKept: boolean;
    readonly writer: Pick<ListingWriter, 'arriving'>;
  },
  readings: readonly Reading[],
): Promise<Owners> {
  const strangers = readings.filter((reading) => mayComeIn(context.plan, reading));
  if (strangers.length === 0) return { adoptable: new Map(), taken: new Set() };
  const adoptable = new Map<string, Member>();
  if (hasKept) {
    const ids = strangers.map(({ externalId }) => externalId);
    for (const member of await context.members.keptFrom(context.plan.origin, ids)) {
      if (member.externalId !== null) adoptable.set(member.externalId, member);
    }
  }
  const claimants = new Map<string, string[]>();
  for (const reading of strangers) {
    if (adoptable.has(reading.externalId)) continue;
    claimants.set(reading.emailKey, [
      ...(claimants.get(reading.emailKey) ?? []),
      reading.externalId,
    ]);
  }
  const keys = [...claimants.keys()];
  const taken = new Set(writer.arriving(keys));
  for (const owner of await context.members.byEmailKeys(keys)) {
    if (owner.emailKey === null) continue;
    taken.add(owner.emailKey);
    if (!isAdoptable(owner, context.store)) continue;
    for (const externalId of claimants.get(owner.emailKey) ?? []) adoptable.set(externalId, owner);
  }
  return { adoptable, taken };
}

/** Whether a user without a member would get one; nobody is asked about those who are skipped anyway. */
function mayComeIn({ statusSync }: RunContext['plan'], reading: Reading): reading is InScope {
  return reading.kind === 'in-scope' && decide(reading.state, 'none', statusSync) !== 'skip';
}
