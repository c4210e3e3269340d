import { groupReferences } from '../../core/criteria/criteria.ts';
import type { Standings } from './push-batch.ts';
import type { PusherEvents, PusherPorts } from './push-ports.ts';
import { createLane, type Lane } from './store-queue.ts';

export type { Standings } from './push-batch.ts';

/** Makes members of what directories push. */
export interface Pusher {
  /**
   * Plans these users on what is kept of them now, and applies it. Pushes that come while others are at work are
   * taken together. Answers how each user stands; who is neither kept nor was removed is left out.
   */
  push(storeId: string, ids: readonly string[]): Promise<Standings>;
  /** These users' groups have changed: the same, where the sync criteria ask for groups. */
  pushGroups(storeId: string, ids: readonly string[]): Promise<void>;
  /** How users stand, without changing anything. */
  standingsOf(storeId: string, ids: readonly string[]): Promise<Standings>;
  /** Ends the runs that are open; what is pushed afterwards opens new ones. */
  endRuns(): Promise<void>;
}

const peopleAtOnce = 1_000;
const unheard: PusherEvents = { onRunEnded: () => undefined, onError: () => undefined };

/** Each store's pushes go one after the other; those of several stores don't wait for each other. */
export function createPusher(ports: PusherPorts, events: PusherEvents = unheard): Pusher {
  const lanes = new Map<string, Lane>();
  const laneOf = (storeId: string): Lane => {
    const lane = lanes.get(storeId) ?? createLane(ports, storeId, events);
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
