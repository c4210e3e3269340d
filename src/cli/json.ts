import type { Member } from '../core/model/member.ts';
import type { SyncRecord } from '../core/model/record.ts';
import type { Run } from '../core/model/run.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import type { AccessToken } from '../sync/ports.ts';

/*
 * The shapes that scripts rely on. Keys may be added here; none may be renamed or removed.
 */

const timeText = (time: Date | null): string | null => time?.toISOString() ?? null;

/** A run as scripts read it. `storeName` is null for an edit by hand of a member of no store. */
export function runJson(run: Run, storeName: string | null) {
  return {
    id: run.id,
    store: run.storeId,
    storeName,
    mode: run.mode,
    trigger: run.trigger,
    status: run.status,
    certificate: run.certificate,
    counts: run.counts,
    warnings: run.warnings,
    error: run.error,
    configRevision: run.configRevision,
    requestedBy: run.requestedBy,
    undoOf: run.undoOf,
    decision: run.decision,
    decided: run.decided,
    cancelRequested: run.cancelRequested,
    createdAt: timeText(run.createdAt),
    startedAt: timeText(run.startedAt),
    finishedAt: timeText(run.finishedAt),
    resolvedAt: timeText(run.resolvedAt),
  };
}

/** A store with what belongs to it: how many members, the last run, and when the next one is due. */
export interface StoreView {
  readonly store: DirectoryStore;
  readonly members: { readonly active: number; readonly inactive: number };
  readonly lastRun: Run | null;
  readonly nextRunAt: Date | null;
}

/** A store as scripts read it. */
export function storeJson({ store, members, lastRun, nextRunAt }: StoreView) {
  return {
    id: store.id,
    name: store.name,
    directory: store.directory,
    via: store.via,
    region: store.region,
    orgId: store.orgId,
    status: store.status,
    owner: store.owner,
    schedule: store.config.schedule,
    nextRunAt: timeText(nextRunAt),
    members: { active: members.active, inactive: members.inactive },
    lastRun: lastRun === null ? null : runJson(lastRun, store.name),
    configRevision: store.configRevision,
    createdAt: timeText(store.createdAt),
    updatedAt: timeText(store.updatedAt),
  };
}

/** How a directory pushes into a store; the token only when it has just been made. */
export function scimJson(endpoint: string, token?: string) {
  return { syncEndpoint: endpoint, ...(token !== undefined && { scimToken: token }) };
}

/** A record as scripts read it. */
export function recordJson(record: SyncRecord) {
  return {
    seq: record.seq,
    externalId: record.externalId,
    email: record.email,
    action: record.action,
    status: record.status,
    reason: record.reason,
    changes: record.changes.map(({ field, from, to }) => ({ field, from, to })),
    error: record.error,
    decidedBy: record.decidedBy,
    decidedAt: timeText(record.decidedAt),
  };
}

/** A member with the names that its ids stand for. */
export interface MemberView {
  readonly member: Member;
  readonly storeName: string | null;
  /** The manager's address, when that person is a member of the same store. */
  readonly managerEmail: string | null;
}

/** A member as scripts read it. Blank fields are left out. */
export function memberJson({ member, storeName, managerEmail }: MemberView) {
  return {
    id: member.id,
    store: member.storeId,
    storeName,
    externalId: member.externalId,
    status: member.status,
    statusBy: member.statusBy,
    inactiveCause: member.inactiveCause,
    ...(member.inactiveCause === 'gone' ? { gone: true } : {}),
    keptFrom: member.keptFrom,
    fields: member.fields,
    ...(managerEmail === null ? {} : { managerEmail }),
    custom: member.custom,
    groups: member.groups,
    revision: member.revision,
    createdAt: timeText(member.createdAt),
    updatedAt: timeText(member.updatedAt),
  };
}

/** An access token as scripts read it, without its secret. */
export function tokenJson(token: AccessToken) {
  return {
    id: token.id,
    name: token.name,
    role: token.role,
    createdAt: timeText(token.createdAt),
    lastUsedAt: timeText(token.lastUsedAt),
  };
}
