import type {
  GroupSync,
  Mapping,
  Notifications,
  Safeguards,
  StatusSync,
  StoreConfig,
} from '../model/store-config.ts';

export const defaultStatusSync: StatusSync = {
  mode: 'reflect',
  deactivated: 'deactivate',
  deleted: 'deactivate',
  outOfScope: 'deactivate',
  staged: 'skip',
};

export const defaultNotifications: Notifications = { mail: 'none' };

export const defaultGroupSync: GroupSync = {
  sync: false,
  criteria: 'all',
  left: 'keep',
  deleted: 'keep',
  roles: {},
};

export const defaultSafeguards: Safeguards = {
  removals: { percent: 20, floor: 5 },
  emailChanges: { percent: 10, floor: 5 },
  blanks: { percent: 10, floor: 5 },
  absence: { confirmations: 1, over: '0h' },
  window: '24h',
};

/** The configuration of a new store; `mapping` is the default mapping of its directory. */
export function defaultStoreConfig(mapping: Mapping): StoreConfig {
  return {
    mapping,
    settings: { statusSync: defaultStatusSync, notifications: defaultNotifications },
    criteria: { users: 'all' },
    groups: defaultGroupSync,
    schedule: null,
    safeguards: defaultSafeguards,
  };
}
