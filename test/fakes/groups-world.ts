import type { SyncRecord } from '../../src/core/model/record.ts';
import type { GroupSync } from '../../src/core/model/store-config.ts';
import { defaultGroupSync } from '../../src/core/store-file/default-config.ts';
import { MemoryWorld } from './memory-world.ts';

const syncing: GroupSync = { ...defaultGroupSync, sync: true };

/** A directory of people u01 to u30, of whom some are in groups. */
export function aWorld(
  groups: Readonly<Record<string, { readonly name: string; readonly members: readonly string[] }>>,
  sync: Partial<GroupSync> = {},
): MemoryWorld {
  const world = new MemoryWorld({ groups: { ...syncing, ...sync } });
  for (const id of people(1, 30)) world.directory.set({ id, email: `${id}@acme.test` });
  for (const [id, { name, members }] of Object.entries(groups)) {
    world.directory.groups.set(id, { name, members: new Set(members) });
  }
  return world;
}

export const people = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `u${String(from + at).padStart(2, '0')}`);

export const inGroup = (world: MemoryWorld, group: string): string[] =>
  [...world.members.all.values()]
    .flatMap(({ groups, externalId }) => (groups.includes(group) ? (externalId ?? []) : []))
    .sort();

export const ofGroups = (records: readonly SyncRecord[]) =>
  records
    .filter(({ kind }) => kind === 'group')
    .map(({ externalId, action, status, moves }) => ({
      id: externalId,
      action,
      status,
      added: moves?.added,
      removed: moves?.removed,
    }));

/** A store that follows the group `g1` of ten people. */
export async function following(sync: Partial<GroupSync> = {}): Promise<MemoryWorld> {
  const world = aWorld({ g1: { name: 'Engineers', members: people(1, 10) } }, sync);
  const { run } = await world.sync();
  await world.decide(run.id, 'approve');
  if (inGroup(world, 'g1').length !== 10) throw new Error('the group is not followed');
  return world;
}
