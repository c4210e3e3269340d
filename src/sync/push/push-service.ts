import { groupReferences } from '../../core/criteria/criteria.ts';
import type { PushOutcomes } from './push-batch.ts';
import type { PushEvents, PushPorts } from './push-ports.ts';
import { createStoreQueue, type StoreQueue } from './store-queue.ts';

export type { PushOutcomes } from './push-batch.ts';

/** Plans and applies what directories push over SCIM. */
export interface PushService {
  /**
   * Plans these users on what is kept of them now, and applies it. Pushes that come while others are at work are
   * taken together. Answers how each user stands; who is neither kept nor was removed is left out.
   */
  push(storeId: string, ids: readonly string[]): Promise<PushOutcomes>;
  /** These users' groups have changed: the same, where the sync criteria ask for groups. */
  pushGroups(storeId: string, ids: readonly string[]): Promise<void>;
  /** How users stand, without changing anything. */
  standingsOf(storeId: string, ids: readonly string[]): Promise<PushOutcomes>;
  /** Ends the runs that are open; what is pushed afterwards opens new ones. */
  endRuns(): Promise<void>;
}

const peopleAtOnce = 1_000;
const unheard: PushEvents = { onRunEnded: () => undefined, onError: () => undefined };

/** The pushes of one store run one after the other; stores do not wait for each other. */
export function createPushService(ports: PushPorts, events: PushEvents = unheard): PushService {
  const lanes = new Map<string, StoreQueue>();
  const laneOf = (storeId: string): StoreQueue => {
    const lane = lanes.get(storeId) ?? createStoreQueue(ports, storeId, events);
    lanes.set(storeId, lane);
    return lane;
  };
  return {
    push: (storeId, ids) => laneOf(storeId).push(ids),
    async pushGroups(storeId, ids) {
      const store = ids.length === 0 ? null : await ports.stores.get(storeId);
      if (store === null || groupReferences(store.config.criteria).length === 0) return;
      for (let at = 0; at < ids.length; at += peopleAtOnce) {
        await laneOf(storeId).push(ids.slice(at, at + peopleAtOnce));
      }
    },
    standingsOf: (storeId, ids) => laneOf(storeId).standingsOf(ids),
    async endRuns() {
      await Promise.all([...lanes.values()].map((lane) => lane.endRun()));
    },
  };
}
