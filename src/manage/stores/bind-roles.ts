import { InvalidInput } from '../../core/errors.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { StoreConfig } from '../../core/model/store-config.ts';
import type { Ports } from '../../ports/index.ts';
import { askSource } from '../../sync/source/ask-source.ts';
import { patienceMs, type TryPorts } from './try-source.ts';

/**
 * Binds the roles of a configuration to the ids of their groups, which a file may name: another group that gets the name
 * later gets no role by it. `InvalidInput` for a name that no group has, or several, and when the directory can't be asked.
 */
export async function bindRoles(
  ports: TryPorts & Pick<Ports, 'groups'>,
  store: DirectoryStore,
  config: StoreConfig,
): Promise<StoreConfig> {
  const given = Object.entries(config.groups.roles);
  if (given.length === 0) return config;
  const known = new Set((await ports.groups.list(store.id)).map(({ externalId }) => externalId));
  const isId = (reference: string): boolean =>
    known.has(reference) || Object.hasOwn(store.config.groups.roles, reference);
  const names = given.map(([reference]) => reference).filter((reference) => !isId(reference));
  const idOf = names.length === 0 ? new Map<string, string>() : await resolve(ports, store, names);
  const roles: Record<string, string> = {};
  for (const [reference, role] of given) {
    const id = idOf.get(reference) ?? reference;
    if (Object.hasOwn(roles, id)) {
      throw new InvalidInput(`groups.roles: ${JSON.stringify(reference)} is named twice`);
    }
    roles[id] = role;
  }
  return { ...config, groups: { ...config.groups, roles } };
}

async function resolve(
  ports: TryPorts,
  store: DirectoryStore,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const asked = await askSource(
    ports,
    store,
    (directory) => directory.resolveGroups(names),
    patienceMs,
  );
  if ('answer' in asked) return asked.answer;
  throw new InvalidInput(`groups.roles: no role can be bound to a group: ${asked.unreachable}`);
}
