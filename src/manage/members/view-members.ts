import type { Member } from '../../core/model/member.ts';
import type { Ports } from '../../ports/index.ts';
import type { MemberStore } from '../../ports/members.ts';
import { storeNames } from '../find.ts';

/** A member with the names that belong to its ids. */
export interface MemberView {
  readonly member: Member;
  readonly storeName: string | null;
  /** The manager's address, when the manager is a member of the same store. */
  readonly managerEmail: string | null;
}

const membersAtOnce = 500;

type Names = ReadonlyMap<string, string>;

/** Members with the names of their stores and the addresses of their managers, batch by batch. */
export async function* viewMembers(
  members: Pick<MemberStore, 'bySourceIds'>,
  names: Names,
  list: Iterable<Member> | AsyncIterable<Member>,
): AsyncGenerator<MemberView> {
  let batch: Member[] = [];
  for await (const member of list) {
    batch.push(member);
    if (batch.length < membersAtOnce) continue;
    yield* await viewBatch(members, names, batch);
    batch = [];
  }
  yield* await viewBatch(members, names, batch);
}

export async function viewMember(
  ports: Pick<Ports, 'members' | 'stores'>,
  member: Member,
): Promise<MemberView> {
  const [view] = await viewBatch(ports.members, await storeNames(ports), [member]);
  return view ?? { member, storeName: null, managerEmail: null };
}

async function viewBatch(
  members: Pick<MemberStore, 'bySourceIds'>,
  names: Names,
  batch: readonly Member[],
): Promise<readonly MemberView[]> {
  const emails = await managerEmails(members, batch);
  return batch.map((member) => ({
    member,
    storeName: names.get(member.storeId ?? '') ?? null,
    managerEmail: emails.get(managerKey(member) ?? '') ?? null,
  }));
}

/** A manager is named by source id, which is unique within one store alone. */
function managerKey({ storeId, fields: { manager } }: Member): string | null {
  return storeId === null || manager === undefined ? null : `${storeId}.${manager}`;
}

async function managerEmails(
  members: Pick<MemberStore, 'bySourceIds'>,
  batch: readonly Member[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Map<string, Set<string>>();
  for (const { storeId, fields } of batch) {
    if (storeId === null || fields.manager === undefined) continue;
    wanted.set(storeId, (wanted.get(storeId) ?? new Set()).add(fields.manager));
  }
  const found = await Promise.all(
    [...wanted].map(([storeId, ids]) => members.bySourceIds(storeId, [...ids])),
  );
  return new Map(
    found
      .flat()
      .map(({ storeId, externalId, fields }) => [`${storeId}.${externalId}`, fields.email ?? '']),
  );
}
