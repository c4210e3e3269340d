import type { Run } from '../../core/model/run.ts';
import type { DirectoryStores, ScimStore } from '../ports.ts';
import type { Pusher } from './pusher.ts';

/** Clocks of several processes may differ by so much. */
const marginMs = 60_000;
const peopleAtOnce = 1_000;

/**
 * Judges once more whom a directory pushed while a run was at work on its store: a push that found the member as it was
 * before the run's write had nothing to do, and the run wrote what it had read before the push.
 */
export async function settlePushes(
  {
    stores,
    scim,
    pusher,
  }: {
    readonly stores: Pick<DirectoryStores, 'get'>;
    readonly scim: { readonly users: Pick<ScimStore['users'], 'changedSince'> };
    readonly pusher: Pick<Pusher, 'push'>;
  },
  { storeId, startedAt, decided, counts }: Run,
): Promise<void> {
  const began = decided?.at ?? startedAt;
  if (storeId === null || began === null || counts.applied === 0) return;
  if ((await stores.get(storeId))?.via !== 'scim') return;
  const since = new Date(began.getTime() - marginMs);
  const ids = await scim.users.changedSince(storeId, since);
  for (let at = 0; at < ids.length; at += peopleAtOnce) {
    await pusher.push(storeId, ids.slice(at, at + peopleAtOnce));
  }
}
