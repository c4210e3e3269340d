import { groupReferences } from '../../core/criteria/criteria.ts';
import type { PushOutcomes, ReadAhead } from './push-batch.ts';
import type { PushEvents, PushPorts } from './push-ports.ts';
import { createStoreQueue, type StoreQueue } from './store-queue.ts';

export type { PushOutcomes, ReadAhead } from './push-batch.ts';

/** Plans and applies what directories push over SCIM. */
export interface PushService {
  /**
   * Plans these users on their stored resources, and applies the plan. Pushes that arrive during a batch form the
   * next one. Returns each user's outcome, except for ids that were never pushed.
   */
  push(storeId: string, ids: readonly string[], ahead?: ReadAhead | null): Promise<PushOutcomes>;
  /**
   * Reads what a push is planned on, beside what the request reads or writes before: for a single push that spares
   * round trips. Null while other pushes of the store are at work: they read together when their turn comes, and what
   * was read before is out of date by then.
   */
  readAhead(storeId: string, ids: readonly string[]): Promise<ReadAhead | null>;
  /** Does the same for users whose groups changed, if the sync criteria name groups. */
  pushGroups(storeId: string, ids: readonly string[]): Promise<void>;
  /** The outcomes of users as of now. Changes nothing. */
  outcomesOf(storeId: string, ids: readonly string[]): Promise<PushOutcomes>;
  /** Ends the open runs; the next push opens a new one. */
  endRuns(): Promise<void>;
}

const peopleAtOnce = 1_000;
const noEvents: PushEvents = {
  onRunEnded: () => undefined,
  onGroupsPushed: () => undefined,
  onError: () => undefined,
};

/** The pushes of one store run one after the other; stores do not wait for each other. */
export function createPushService(ports: PushPorts, events: PushEvents = noEvents): PushService {
  const queues = new Map<string, StoreQueue>();
  const queueOf = (storeId: string): StoreQueue => {
    const queue = queues.get(storeId) ?? createStoreQueue(ports, storeId, events);
    queues.set(storeId, queue);
    return queue;
  };
  return {
    push: (storeId, ids, ahead = null) => queueOf(storeId).push(ids, ahead),
    readAhead: (storeId, ids) => queueOf(storeId).readAhead(ids),
    async pushGroups(storeId, ids) {
      events.onGroupsPushed(storeId);
      const store = ids.length === 0 ? null : await ports.stores.get(storeId);
      if (store === null || groupReferences(store.config.criteria).length === 0) return;
      for (let at = 0; at < ids.length; at += peopleAtOnce) {
        await queueOf(storeId).push(ids.slice(at, at + peopleAtOnce), null);
      }
    },
    outcomesOf: (storeId, ids) => queueOf(storeId).outcomesOf(ids),
    async endRuns() {
      await Promise.all([...queues.values()].map((queue) => queue.endRun()));
    },
  };
}
