import { Conflict, NotFound } from '../src/core/errors.ts';
import type { DirectoryStore, StoreRemoval } from '../src/core/model/store.ts';
import type { DirectoryStores } from '../src/ports/directory-stores.ts';
import { defineRecurring, type JobDefinition } from './job-definition.ts';

export interface ResumeRemovalsDependencies {
  readonly stores: Pick<DirectoryStores, 'list'>;
  /** Carries a removal out; `Conflict` while another process is at it, `NotFound` when that has ended it. */
  readonly removeStore: (store: DirectoryStore, removal: StoreRemoval) => Promise<unknown>;
}

const minuteMs = 60_000;

/** Goes on with each removal of a store that was begun and has not ended. */
export function resumeRemovalsJob(dependencies: ResumeRemovalsDependencies): JobDefinition {
  const { stores, removeStore } = dependencies;
  return defineRecurring('resume-removals', minuteMs, async () => {
    let removed = 0;
    const failures: unknown[] = [];
    for (const store of await stores.list()) {
      if (store.removal === undefined) continue;
      try {
        await removeStore(store, store.removal);
        removed += 1;
      } catch (error) {
        // The process that began it is still at work, or has just ended.
        if (error instanceof Conflict || error instanceof NotFound) continue;
        failures.push(error);
      }
    }
    // One store that can't be removed holds up no other.
    if (failures.length > 0) throw failures[0];
    return { end: 'done', result: { removed } };
  });
}
