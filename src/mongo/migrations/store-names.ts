import type { Connection } from 'mongoose';
import { caselessKey, sameButForCase } from '../../core/same-name.ts';
import type { DirectoryStoreDocument } from '../models/directory-store.model.ts';
import { isDuplicateKey } from '../write-batch.ts';

/**
 * Gives stores the keys by which their names are unique, also those that a process of an earlier release adds or renames
 * meanwhile. Of names that differ in case alone the oldest store gets the key, and the others work on without one.
 * Returns these names, together.
 */
export async function renewStoreNames(
  connection: Connection,
): Promise<readonly (readonly string[])[]> {
  const collection = connection.collection<DirectoryStoreDocument>('stores');
  const projection = { name: 1, nameKey: 1 };
  const stores = await collection.find({}, { projection }).sort({ _id: 1 }).toArray();
  const stale = stores.filter(({ name, nameKey }) => nameKey !== caselessKey(name));
  for (const { _id, name, nameKey } of stale) {
    const which = { _id, name };
    if (nameKey !== undefined) await collection.updateOne(which, { $unset: { nameKey: '' } });
    try {
      await collection.updateOne(which, { $set: { nameKey: caselessKey(name) } });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
  return sameButForCase(stores.map(({ name }) => name));
}
