import { defaultMappings } from '../mapping/default-mapping.ts';
import type { DirectoryKind } from '../model/store.ts';
import type { Safeguards, StatusSync, StoreConfig } from '../model/store-config.ts';

export const defaultStatusSync: StatusSync = {
  mode: 'reflect',
  deactivated: 'deactivate',
  deleted: 'deactivate',
  outOfScope: 'deactivate',
  staged: 'skip',
};

export const defaultSafeguards: Safeguards = {
  removals: { percent: 20, floor: 5 },
  emailChanges: { percent: 10, floor: 5 },
  blanks: { percent: 10, floor: 5 },
  absence: { confirmations: 1, over: '0h' },
  window: '24h',
};

/** The configuration of a new store of a directory. */
export function defaultStoreConfig(directory: DirectoryKind): StoreConfig {
  return {
    mapping: defaultMappings[directory],
    settings: { statusSync: defaultStatusSync },
    criteria: { users: 'all' },
    schedule: null,
    safeguards: defaultSafeguards,
  };
}
