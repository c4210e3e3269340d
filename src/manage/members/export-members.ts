import type { Actor } from '../../core/model/audit.ts';
import { customPrefix } from '../../core/model/fields.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { Ports } from '../../ports/index.ts';
import type { MemberListFilter } from '../../ports/members.ts';
import { aboutStore, audited } from '../audit/audited.ts';
import { storeNames } from '../find.ts';
import { type MemberView, viewMembers } from './view-members.ts';

/** The members that leave Rollcall as a file, and the custom fields that mappings give them. */
export interface ExportedMembers {
  readonly views: AsyncIterable<MemberView>;
  readonly customFields: readonly string[];
}

/**
 * All members, or those that a filter finds, by source id. Audited when it begins: how far it is read isn't known. The
 * entry has no text that was searched for: it may be a name.
 */
export async function exportMembers(
  ports: Pick<Ports, 'members' | 'stores' | 'audit'>,
  filter: MemberListFilter,
  actor: Actor,
): Promise<ExportedMembers> {
  const { storeId, search, ...others } = filter;
  const [stores, names] = await Promise.all([ports.stores.list(), storeNames(ports)]);
  const isAsked = ({ id }: DirectoryStore): boolean => storeId === undefined || id === storeId;
  const customFields = stores
    .filter(isAsked)
    .flatMap(({ config }) => Object.keys(config.mapping))
    .filter((field) => field.startsWith(customPrefix))
    .map((field) => field.slice(customPrefix.length));
  const of = stores.find(({ id }) => id === storeId);
  const about = of === undefined ? {} : aboutStore(of);
  const asked = { ...others, ...(search !== undefined && { search: '…' }) };
  const changes = Object.entries(asked).map(([path, to]) => ({ path, from: null, to }));
  const action = { action: 'members-exported', actor, ...about, changes } as const;
  await audited(ports, action, async () => undefined);
  const list = ports.members.list(filter);
  const views = viewMembers(ports.members, names, list);
  return { views, customFields: [...new Set(customFields)].sort() };
}
