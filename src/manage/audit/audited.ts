import { messageOf, Unavailable } from '../../core/errors.ts';
import type { Actor, AuditSubject, NewAuditEntry } from '../../core/model/audit.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { AuditStore } from '../../ports/audit.ts';

export interface AuditPorts {
  readonly audit: Pick<AuditStore, 'begin' | 'finish'>;
}

/** What somebody is about to do. Ids that only come of the work are told with what it answers. */
export interface AuditedAction
  extends Pick<NewAuditEntry, 'action'>,
    Partial<Pick<NewAuditEntry, 'changes'>>,
    Partial<AuditSubject> {
  readonly actor: Actor;
}

/** What an entry about a store says of it. */
export function aboutStore({
  id,
  name,
}: DirectoryStore): Pick<AuditSubject, 'storeId' | 'storeName'> {
  return { storeId: id, storeName: name };
}

type AuditIds = Partial<Record<'storeId' | 'runId' | 'tokenId', string>>;

/**
 * Does `work` under an entry of the audit that stands before it begins: an entry too many is better than a deed
 * without one. `learn` says from the answer which ids the work made.
 */
export async function audited<T>(
  { audit }: AuditPorts,
  { actor, changes = [], ...deed }: AuditedAction,
  work: () => Promise<T>,
  idsFrom: (made: T) => AuditIds = () => ({}),
): Promise<T> {
  const about = { storeId: null, storeName: null, runId: null, tokenId: null };
  const { id } = await audit.begin({ ...about, ...deed, ...actor, changes });
  let made: T;
  try {
    made = await work();
  } catch (error) {
    // What a service kept before it went away is unknown: the entry stays `begun`.
    if (!(error instanceof Unavailable)) {
      await audit.finish(id, { outcome: 'refused', error: messageOf(error) });
    }
    throw error;
  }
  await audit.finish(id, { outcome: 'done', ...idsFrom(made) });
  return made;
}
