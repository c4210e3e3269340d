import type { Run } from '../../core/model/run.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { RecordStore } from '../../ports/records.ts';
import type { ScimUserStore } from '../../ports/scim.ts';
import { recordPagesOf } from '../run/records/read-records.ts';
import { releasedAddresses, usersWantingAddresses } from './address-conflicts.ts';
import type { PushService } from './push-service.ts';

/** The clocks of several processes may differ by this much. */
const marginMs = 60_000;
const peopleAtOnce = 1_000;

interface ReplanPorts {
  readonly stores: Pick<DirectoryStores, 'get'>;
  readonly records: Pick<RecordStore, 'page'>;
  readonly scim: { readonly users: Pick<ScimUserStore, 'changedSince' | 'linked'> };
  readonly pusher: Pick<PushService, 'push'>;
}

/**
 * Plans the users again that were pushed while a run was working: the push saw the member before the run's write, and
 * the run had read the source before the push, so both may be stale. After a decision, also the users that want an
 * address which the decision released: a decision plans only its own records.
 */
export async function replanAfterRun(
  ports: ReplanPorts,
  { id, storeId, startedAt, decided, counts }: Run,
): Promise<void> {
  const began = decided?.at ?? startedAt;
  if (storeId === null || began === null || counts.applied === 0) return;
  if ((await ports.stores.get(storeId))?.via !== 'scim') return;
  const since = new Date(began.getTime() - marginMs);
  const changed = await ports.scim.users.changedSince(storeId, since);
  const waiting = decided === null ? [] : await usersWantingReleased(ports, storeId, id);
  const ids = [...new Set([...changed, ...waiting])];
  for (let at = 0; at < ids.length; at += peopleAtOnce) {
    await ports.pusher.push(storeId, ids.slice(at, at + peopleAtOnce));
  }
}

async function usersWantingReleased(
  ports: ReplanPorts,
  storeId: string,
  runId: string,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of recordPagesOf(ports.records, runId, { statuses: ['applied'] })) {
    found.push(...(await usersWantingAddresses(ports, storeId, page.flatMap(releasedAddresses))));
  }
  return found;
}
