import { ConfigError, messageOf } from '../../core/errors.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { Ports } from '../../ports/index.ts';
import { audited } from '../audit/audited.ts';

export interface RotatedSecrets {
  /** How many credentials were encrypted anew. */
  readonly rotated: number;
  /** How many the first key had encrypted already. */
  readonly current: number;
  /** Stores whose credential no key decrypts. It stays as it is. */
  readonly unreadable: readonly { readonly store: DirectoryStore; readonly error: string }[];
}

/**
 * Encrypts every stored credential with the first key of SECRETS_KEYS. Each is replaced only as it was read, so a new
 * credential that a store is given meanwhile stays. Can be repeated.
 */
export async function rotateSecrets(
  { stores, audit }: Pick<Ports, 'stores' | 'audit'>,
  actor: Actor,
): Promise<RotatedSecrets> {
  return audited({ audit }, { action: 'secrets-rotated', actor }, async () => {
    const counts = { rotated: 0, current: 0, none: 0 };
    const unreadable: RotatedSecrets['unreadable'][number][] = [];
    for (const store of await stores.list()) {
      try {
        counts[await stores.resealCredential(store.id)] += 1;
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        unreadable.push({ store, error: messageOf(error) });
      }
    }
    return { rotated: counts.rotated, current: counts.current, unreadable };
  });
}
