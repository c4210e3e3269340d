import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { RunStore } from '../../ports/runs.ts';

interface RequestPorts {
  readonly stores: Pick<DirectoryStores, 'get'>;
  readonly runs: Pick<RunStore, 'enqueue'>;
  readonly queue: Pick<JobQueue, 'enqueueJob'>;
}

/**
 * Queues a run that syncs the groups which a directory pushed, if the store syncs groups. While one is queued there is no
 * second one: it reads the groups when it begins.
 */
export async function requestGroupSync(
  { stores, runs, queue }: RequestPorts,
  storeId: string,
): Promise<void> {
  const store = await stores.get(storeId);
  if (store === null || store.via !== 'scim' || !store.config.groups.sync) return;
  const { run } = await runs.enqueue({
    storeId,
    mode: 'delta',
    trigger: 'manual',
    configRevision: store.configRevision,
    requestedBy: 'scim',
  });
  await queue.enqueueJob(run);
}
