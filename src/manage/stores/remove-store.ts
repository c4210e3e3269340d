import { randomUUID } from 'node:crypto';
import { Conflict, type Unavailable } from '../../core/errors.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { Ports } from '../../ports/index.ts';
import { aboutStore, audited } from '../audit/audited.ts';
import { followSchedules } from './follow-schedules.ts';

/** Longer than a removal takes, so that no run begins meanwhile. */
const removalLeaseMs = 15 * 60_000;

type RemovalPorts = Pick<Ports, 'stores' | 'runs' | 'leases' | 'audit' | 'queue'>;

interface Removal {
  readonly store: DirectoryStore;
  readonly members: 'keep' | 'delete';
}

export interface Removed {
  /** How many members were kept or deleted. */
  readonly members: number;
  readonly scheduleError: Unavailable | null;
}

/** Removes a store and its runs, and keeps or deletes its members. `Conflict` while a run is at work. */
export async function removeStore(
  ports: RemovalPorts,
  removal: Removal,
  actor: Actor,
): Promise<Removed> {
  return (await beginRemoval(ports, removal, actor))();
}

/**
 * Begins a removal, which the returned function carries out. When it breaks off, because the process ends or the
 * database is away, a worker goes on with it. `Conflict` while a run is at work, with nothing changed.
 */
export async function beginRemoval(
  ports: RemovalPorts,
  { store, members }: Removal,
  actor: Actor,
): Promise<() => Promise<Removed>> {
  await refuseWhileUnderWay(ports, store);
  // The lease keeps workers away from now on; removing the store removes it too.
  const lease = { storeId: store.id, holder: `${actor.by}:${randomUUID()}` };
  if (!(await ports.leases.acquire({ ...lease, ttlMs: removalLeaseMs }))) {
    throw store.removal === undefined
      ? new Conflict(`A worker is at work on ${JSON.stringify(store.name)} right now.`, {
          hint: 'Try again when its run has ended: rollcall runs list',
        })
      : new Conflict(`${JSON.stringify(store.name)} is being removed already.`, {
          hint: 'A removal that broke off goes on by itself within a quarter of an hour.',
        });
  }
  const orRelease = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await ports.leases.release(lease);
      throw error;
    }
  };
  await orRelease(() => ports.stores.markRemoval(store.id, { members, by: actor.by }));
  const about = { actor, action: 'store-removed', ...aboutStore(store) } as const;
  const changes = [{ path: 'members', from: null, to: members }];
  return async () => {
    const removed = await orRelease(() =>
      audited(ports, { ...about, changes }, () => ports.stores.remove(store, members)),
    );
    return { ...removed, scheduleError: await followSchedules(ports.queue) };
  };
}

/**
 * A run that was asked to stop but whose worker is gone would never end, so it doesn't prevent the
 * removal. Nor does a run that collects pushes: it ends with the store's tokens.
 */
async function refuseWhileUnderWay(
  { runs }: Pick<Ports, 'runs'>,
  store: DirectoryStore,
): Promise<void> {
  const begun = await runs.list({
    storeId: store.id,
    statuses: ['listing', 'planned', 'applying'],
  });
  const underWay = begun.find(
    ({ finishedAt, cancelRequested, trigger, decision }) =>
      finishedAt === null && !cancelRequested && (trigger !== 'push' || decision !== null),
  );
  if (underWay === undefined) return;
  throw new Conflict(`Run ${underWay.id} of ${JSON.stringify(store.name)} is under way.`, {
    hint: `Wait until it ends, or stop it with: rollcall runs cancel ${underWay.id}`,
  });
}
