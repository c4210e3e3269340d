import type { Alert } from '../../src/core/model/alert.ts';
import type { MailDomain } from '../../src/core/model/mail-domain.ts';
import type { Member } from '../../src/core/model/member.ts';
import { recordId, type SyncRecord } from '../../src/core/model/record.ts';
import { makeRun, type NewRun, type Run } from '../../src/core/model/run.ts';
import type { DirectoryStore } from '../../src/core/model/store.ts';
import type { StatusSync, StoreConfig } from '../../src/core/model/store-config.ts';
import type { SyncSummary } from '../../src/core/model/sync-summary.ts';
import type { AccessToken } from '../../src/core/model/token.ts';
import {
  defaultGroupSync,
  defaultNotifications,
} from '../../src/core/store-file/default-config.ts';
import { defaultMapping } from '../../src/directories/jumpcloud/default-mapping.ts';
import type { NewDirectoryStore } from '../../src/ports/directory-stores.ts';

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
    mapping: defaultMapping,
    settings: { statusSync, notifications: defaultNotifications },
    criteria: { users: 'all' },
    groups: defaultGroupSync,
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
    connection: { region: 'us' },
    orgId: 'org1',
    sendOrgId: false,
    status: 'active',
    owner: 'cli:ada',
    config: aConfig(),
    configRevision: 1,
    shape: 1,
    createdAt: at,
    updatedAt: at,
    ...parts,
  };
}

/** The new store of a test with JumpCloud users. */
export function aNewStore(parts: Partial<NewDirectoryStore> = {}): NewDirectoryStore {
  return {
    name: 'acme',
    directory: 'jumpcloud',
    connection: { region: 'us' },
    orgId: 'o1',
    sendOrgId: false,
    owner: 'cli:ada',
    config: aConfig(),
    credential: { type: 'api-key', apiKey: 'jca_secret' },
    ...parts,
  };
}

/** The request for a full run of a store. */
export function aNewRun(parts: Partial<NewRun> = {}): NewRun {
  return {
    storeId: 's1',
    mode: 'full',
    trigger: 'manual',
    configRevision: 3,
    requestedBy: 'cli:ada',
    ...parts,
  };
}

/** A run of a store that ended. */
export function aRun(parts: Partial<Run> = {}): Run {
  const now = new Date('2026-01-01T00:00:00Z');
  const asked = {
    storeId: 'store1',
    mode: 'full',
    trigger: 'schedule',
    configRevision: 1,
    requestedBy: 'schedule',
  } as const;
  const run = makeRun(asked, { id: 'run1', now });
  return { ...run, status: 'succeeded', startedAt: now, finishedAt: now, ...parts };
}

export function aSyncSummary(parts: Partial<SyncSummary> = {}): SyncSummary {
  return {
    storeId: 'store1',
    status: 'active',
    schedule: { enabled: true, frequency: 'daily', time: '02:00', timezone: 'UTC' },
    changedAt: new Date('2026-01-01T00:00:00Z'),
    lastEnd: null,
    last: null,
    undecided: null,
    lastSuccessAt: null,
    ...parts,
  };
}

export function anAlert(parts: Partial<Alert> = {}): Alert {
  const at = new Date('2026-01-01T00:00:00Z');
  return {
    id: 'run-failed_run1',
    kind: 'run-failed',
    storeId: 'store1',
    runId: 'run1',
    createdAt: at,
    attempts: 0,
    triedAt: null,
    nextAttemptAt: at,
    deliveredAt: null,
    lastError: null,
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
    fingerprint: null,
    fields: { email: 'u1@acme.test' },
    custom: {},
    groups: [],
    leftGroupsAt: null,
    roles: [],
    emailKey: 'u1@acme.test',
    revision: 1,
    lastRecord: null,
    createdAt: at,
    updatedAt: at,
    ...parts,
  };
}

/** A planned update of the person `u` with this number, in `run1` unless another run is given. */
export function aRecord(seq: number, parts: Partial<SyncRecord> = {}): SyncRecord {
  const runId = parts.runId ?? 'run1';
  return {
    id: recordId(runId, `u${seq}`),
    runId,
    kind: 'user',
    seq,
    externalId: `u${seq}`,
    memberId: `s1.u${seq}`,
    email: null,
    name: null,
    department: null,
    location: null,
    action: 'update',
    status: 'planned',
    reason: 'department changed',
    changes: [{ field: 'department', from: null, to: 'Sales' }],
    moves: null,
    cause: null,
    confirmed: false,
    risks: [],
    heldKind: null,
    blocksInStore: null,
    fromRevision: 1,
    claim: null,
    fingerprint: null,
    undecidedRuns: null,
    error: null,
    decidedBy: null,
    decidedAt: null,
    ...parts,
  };
}

/** An access token of a viewer that does not expire. */
export function aToken(parts: Partial<AccessToken> = {}): AccessToken {
  const made = { createdAt: new Date('2026-01-01T00:00:00Z'), lastUsedAt: null, expiresAt: null };
  return { id: 'token1', name: 'ops', role: 'viewer', ...made, ...parts };
}

export function aDomain(parts: Partial<MailDomain> = {}): MailDomain {
  const at = new Date('2026-01-01T00:00:00Z');
  return {
    id: 'acme.test',
    token: 'abc',
    status: 'verified',
    createdAt: at,
    verifiedAt: at,
    checkedAt: at,
    confirmedAt: at,
    failures: 0,
    problem: null,
    revision: 1,
    ...parts,
  };
}
