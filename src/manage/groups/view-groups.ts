import { InvalidInput, NotFound } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { Member } from '../../core/model/member.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { findByName } from '../../core/same-name.ts';
import type { ScimGroup } from '../../core/scim/model.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { Ports } from '../../ports/index.ts';

/** A group, or one that was pushed into a store which does not sync groups: its `status` is null. */
export interface GroupView {
  readonly group: Pick<Group, 'storeId' | 'externalId' | 'name' | 'createdAt' | 'updatedAt'> & {
    readonly status: Group['status'] | null;
  };
  readonly storeName: string | null;
  readonly members: number;
  /** The roles that it gives its active members. */
  readonly roles: readonly string[];
}

type ViewPorts = Pick<Ports, 'stores' | 'groups' | 'members' | 'scim'>;

const pageSize = 500;

/** The groups of a store, or of all stores, ascending by store and source id. */
export async function* viewGroups(ports: ViewPorts, storeId?: string): AsyncGenerator<GroupView> {
  const stores =
    storeId === undefined ? await ports.stores.list() : [await ports.stores.get(storeId)];
  for (const store of stores) {
    if (store === null) continue;
    if (isPushedOnly(store)) yield* viewPushed(ports, store);
    else yield* viewSynced(ports, store);
  }
}

/** Groups that a directory pushes stand here as it pushed them, until they are synced. */
const isPushedOnly = ({ via, config }: DirectoryStore): boolean =>
  via === 'scim' && !config.groups.sync;

async function* viewSynced(
  { groups, members }: ViewPorts,
  store: DirectoryStore,
): AsyncGenerator<GroupView> {
  const { id, name: storeName } = store;
  const all = await groups.list(id);
  for (let at = 0; at < all.length; at += pageSize) {
    const page = all.slice(at, at + pageSize);
    const sizes = await members.groupSizes(
      id,
      page.map(({ externalId }) => externalId),
    );
    for (const group of page) {
      yield {
        group,
        storeName,
        members: sizes.get(group.externalId) ?? 0,
        roles: rolesOf(store, group.externalId),
      };
    }
  }
}

async function* viewPushed(
  { scim }: ViewPorts,
  { id: storeId, name: storeName }: DirectoryStore,
): AsyncGenerator<GroupView> {
  for (let after: string | null = null; ; ) {
    const search: Parameters<typeof scim.groups.search>[0] = {
      storeId,
      filter: after === null ? null : { op: 'gt', attrPath: 'id', compValue: after },
      sort: null,
      skip: 0,
      limit: pageSize,
    };
    const page: ScimGroup[] = [];
    for await (const group of (await scim.groups.search(search)).resources) page.push(group);
    const counts = await scim.groups.memberCounts(
      storeId,
      page.map(({ id }) => id),
    );
    for (const group of page)
      yield { ...pushed(group), storeName, members: counts.get(group.id) ?? 0, roles: [] };
    if (page.length < pageSize) return;
    after = page.at(-1)?.id ?? null;
  }
}

function pushed({
  id,
  storeId,
  resource,
  createdAt,
  updatedAt,
}: ScimGroup): Pick<GroupView, 'group'> {
  const { displayName } = resource;
  const name = typeof displayName === 'string' ? displayName : '';
  return { group: { storeId, externalId: id, name, status: null, createdAt, updatedAt } };
}

/** The group with this source id in a store; `NotFound` when it has none. */
export async function viewGroup(
  ports: ViewPorts,
  store: DirectoryStore,
  externalId: string,
): Promise<GroupView> {
  const { id: storeId, name: storeName } = store;
  if (isPushedOnly(store)) {
    const [group] = await ports.scim.groups.byIds(storeId, [externalId]);
    if (group === undefined) throw noGroup(store, externalId);
    return {
      ...pushed(group),
      storeName,
      members: await ports.scim.groups.memberCount(group.id),
      roles: [],
    };
  }
  const group = await ports.groups.get(storeId, externalId);
  if (group === null) throw noGroup(store, externalId);
  const sizes = await ports.members.groupSizes(storeId, [externalId]);
  const roles = rolesOf(store, externalId);
  return { group, storeName, members: sizes.get(externalId) ?? 0, roles };
}

function rolesOf({ config }: DirectoryStore, group: string): readonly string[] {
  const role = config.groups.roles[group];
  return role === undefined ? [] : [role];
}

function noGroup({ name }: DirectoryStore, externalId: string): NotFound {
  return new NotFound(`${JSON.stringify(name)} has no group ${JSON.stringify(externalId)}.`);
}

/** The group with an id or a name; `InvalidInput` when there is none, or several. */
export async function findGroup(
  ports: ViewPorts,
  wanted: string,
  storeId?: string,
): Promise<GroupView> {
  const all: GroupView[] = [];
  for await (const view of viewGroups(ports, storeId)) all.push(view);
  const withId = all.filter(({ group }) => group.externalId === wanted);
  const found = withId.length > 0 ? withId : findByName(all, ({ group }) => group.name)(wanted);
  const [first, ...others] = found;
  if (first === undefined) {
    const names = all.map(({ group }) => group.name);
    throw new InvalidInput(
      `There is no group ${JSON.stringify(wanted)}.${didYouMean(wanted, names)}`,
      { hint: 'See all groups with: rollcall groups list' },
    );
  }
  if (others.length === 0) return first;
  const ids = found.map(({ group, storeName }) => `${group.externalId} of ${storeName}`).join(', ');
  throw new InvalidInput(`There are ${found.length} groups ${JSON.stringify(wanted)}: ${ids}.`, {
    hint: 'Give its id, and the store with --store.',
  });
}

/** One page of the people in a group, ascending by source id: their members, or only the ids where they are none. */
export async function viewGroupMembers(
  ports: ViewPorts,
  view: GroupView,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<readonly { readonly externalId: string; readonly member: Member | null }[]> {
  const { storeId, externalId: group, status } = view.group;
  const ids =
    status === null
      ? await ports.scim.groups.members(group, after, limit)
      : await ports.members.inGroup({ storeId, group, after, limit });
  const members = await ports.members.bySourceIds(storeId, ids);
  const memberOf = new Map(members.map((member) => [member.externalId, member]));
  return ids.map((externalId) => ({ externalId, member: memberOf.get(externalId) ?? null }));
}
