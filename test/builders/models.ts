import { defaultMappings } from '../../src/core/mapping/default-mapping.ts';
import type { Member } from '../../src/core/model/member.ts';
import type { DirectoryStore } from '../../src/core/model/store.ts';
import type { StatusSync, StoreConfig } from '../../src/core/model/store-config.ts';

export const statusSync: StatusSync = {
  mode: 'reflect',
  deactivated: 'deactivate',
  deleted: 'deactivate',
  outOfScope: 'deactivate',
  staged: 'skip',
};

export function aConfig(parts: Partial<StoreConfig> = {}): StoreConfig {
  const limit = { percent: 20, floor: 5 };
  return {
    mapping: defaultMappings.jumpcloud,
    settings: { statusSync },
    criteria: { users: 'all' },
    schedule: null,
    safeguards: {
      removals: limit,
      emailChanges: limit,
      blanks: limit,
      absence: { confirmations: 1, over: '0h' },
      window: '24h',
    },
    ...parts,
  };
}

export function aStore(parts: Partial<DirectoryStore> = {}): DirectoryStore {
  const at = new Date('2026-01-01T00:00:00Z');
  return {
    id: 'store1',
    name: 'acme',
    directory: 'jumpcloud',
    via: 'api',
    region: 'us',
    orgId: 'org1',
    sendOrgId: false,
    status: 'active',
    owner: 'cli:ada',
    config: aConfig(),
    configRevision: 1,
    createdAt: at,
    updatedAt: at,
    ...parts,
  };
}

export function aMember(parts: Partial<Member> = {}): Member {
  const at = new Date('2026-01-01T00:00:00Z');
  return {
    id: 'store1.u1',
    storeId: 'store1',
    externalId: 'u1',
    keptFrom: null,
    status: 'active',
    statusBy: 'sync',
    inactiveCause: null,
    absence: null,
    fields: { email: 'u1@acme.test' },
    custom: {},
    groups: [],
    emailKey: 'u1@acme.test',
    revision: 1,
    lastRecord: null,
    createdAt: at,
    updatedAt: at,
    ...parts,
  };
}
