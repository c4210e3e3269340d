import { messageOf, Unavailable } from '../../core/errors.ts';
import type { Actor, AuditSubject, NewAuditEntry } from '../../core/model/audit.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { AuditStore } from '../../ports/audit.ts';

export interface AuditPorts {
  readonly audit: Pick<AuditStore, 'begin' | 'finish'>;
}

/** The action that is about to be done. `idsFrom` adds the ids that only its result has. */
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

/** Stores the entry of an action that is about to be done; returns its id. */
export async function beginAction(
  { audit }: { readonly audit: Pick<AuditPorts['audit'], 'begin'> },
  { actor, changes = [], ...action }: AuditedAction,
): Promise<string> {
  const about = { storeId: null, storeName: null, runId: null, tokenId: null };
  const { by, from, byTokenId = null } = actor;
  return (await audit.begin({ ...about, ...action, by, byTokenId, from, changes })).id;
}

/**
 * Does `work` under an audit entry that is stored before it begins: a superfluous entry is better
 * than an action without one. `idsFrom` returns the ids that the work created.
 */
export async function audited<T>(
  { audit }: AuditPorts,
  action: AuditedAction,
  work: () => Promise<T>,
  idsFrom: (made: T) => AuditIds = () => ({}),
): Promise<T> {
  const id = await beginAction({ audit }, action);
  let made: T;
  try {
    made = await work();
  } catch (error) {
    // Whether the service stored anything before it went away is unknown: the entry stays `begun`.
    if (!(error instanceof Unavailable)) {
      await audit.finish(id, { outcome: 'refused', error: messageOf(error) });
    }
    throw error;
  }
  await audit.finish(id, { outcome: 'done', ...idsFrom(made) });
  return made;
}
