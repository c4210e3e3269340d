import type { StoreConfig } from '../../src/core/model/store-config.ts';
import { aMember } from '../builders/models.ts';
import type { Person } from './memory-directory.ts';
import { MemoryWorld } from './memory-world.ts';

export const person = (n: number, parts: Partial<Person> = {}): Person => ({
  id: `u${String(n).padStart(3, '0')}`,
  email: `u${n}@acme.test`,
  ...parts,
});
export const idOf = (n: number) => person(n).id;
export const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** A store with this many synced members. */
export async function synced(
  count: number,
  config: Partial<StoreConfig> = {},
): Promise<MemoryWorld> {
  const world = new MemoryWorld(config);
  world.directory.pageSize = 50;
  world.directory.set(...range(1, count).map((n) => person(n, { record: { department: 'IT' } })));
  await world.sync();
  return world;
}
export const change = (world: MemoryWorld, ns: readonly number[], parts: Partial<Person>) =>
  world.directory.set(...ns.map((n) => person(n, { record: { department: 'IT' }, ...parts })));
export const leave = (world: MemoryWorld, ns: readonly number[]) => {
  for (const n of ns) world.directory.people.delete(idOf(n));
};
export const configure = (world: MemoryWorld, config: Partial<StoreConfig>) => {
  const store = world.stores.all.get('store1');
  if (store === undefined) throw new Error('no store');
  world.stores.all.set('store1', { ...store, config: { ...store.config, ...config } });
};
/** A member that was added by hand. */
export const addByHand = (world: MemoryWorld, email: string): string => {
  const id = `manual.${email}`;
  const parts = { id, storeId: null, externalId: null, fields: { email }, emailKey: email };
  world.members.all.set(id, aMember(parts));
  return id;
};
export const activeIn = (world: MemoryWorld) =>
  [...world.members.all.values()].filter(({ status }) => status === 'active').length;
