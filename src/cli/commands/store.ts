import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addStoreAdd } from './store-add.ts';
import { addStoreApply } from './store-apply.ts';
import { addStoreAttributes } from './store-attributes.ts';
import { addStoreLifecycle } from './store-lifecycle.ts';
import { addStoreList } from './store-list.ts';
import { addStoreReauthorize } from './store-reauthorize.ts';

/** `store`: the configured sources of members. */
export async function addStore(program: Command, context: Context): Promise<void> {
  const store = program.command('store').description('add, configure and remove directory stores');
  await addStoreAdd(store, context);
  addStoreList(store, context);
  addStoreAttributes(store, context);
  addStoreApply(store, context);
  await addStoreReauthorize(store, context);
  addStoreLifecycle(store, context);
}
