import { groupReferences } from '../../core/criteria/criteria.ts';
import type { PushOutcomes } from './push-batch.ts';
import type { PushEvents, PushPorts } from './push-ports.ts';
import { createStoreQueue, type StoreQueue } from './store-queue.ts';

export type { PushOutcomes } from './push-batch.ts';

/** Plans and applies what directories push over SCIM. */
export interface PushService {
  /**
   * Plans these users on their stored resources, and applies the plan. Pushes that arrive during a batch form the
   * next one. Returns each user's outcome, except for ids that were never pushed.
   */
  push(storeId: string, ids: readonly string[]): Promise<PushOutcomes>;
  /** Does the same for users whose groups changed, if the sync criteria name groups. */
  pushGroups(storeId: string, ids: readonly string[]): Promise<void>;
  /** The outcomes of users as of now. Changes nothing. */
  outcomesOf(storeId: string, ids: readonly string[]): Promise<PushOutcomes>;
  /** Ends the open runs; the next push opens a new one. */
  endRuns(): Promise<void>;
}

const peopleAtOnce = 1_000;
const noEvents: PushEvents = { onRunEnded: () => undefined, onError: () => undefined };

/** The pushes of one store run one after the other; stores do not wait for each other. */
export function createPushService(ports: PushPorts, events: PushEvents = noEvents): PushService {
  const queues = new Map<string, StoreQueue>();
  const queueOf = (storeId: string): StoreQueue => {
    const queue = queues.get(storeId) ?? createStoreQueue(ports, storeId, events);
    queues.set(storeId, queue);
    return queue;
  };
  return {
    push: (storeId, ids) => queueOf(storeId).push(ids),
    async pushGroups(storeId, ids) {
      const store = ids.length === 0 ? null : await ports.stores.get(storeId);
      if (store === null || groupReferences(store.config.criteria).length === 0) return;
      for (let at = 0; at < ids.length; at += peopleAtOnce) {
        await queueOf(storeId).push(ids.slice(at, at + peopleAtOnce));
      }
    },
    outcomesOf: (storeId, ids) => queueOf(storeId).outcomesOf(ids),
    async endRuns() {
      await Promise.all([...queues.values()].map((queue) => queue.endRun()));
    },
  };
}
