/** The actor, and the place of the action. */
export interface Actor {
  /** `cli:<os user>`, `token:<name>` or `user:<id>`. */
  readonly by: string;
  /** The address a request came from; the machine's name on the command line. */
  readonly from: string;
  /** The id of that token: another one may get its name later. None on the command line. */
  readonly byTokenId?: string;
}

/**
 * What is audited: every change of configuration, access and decisions, exports, previews, and what a token was not
 * allowed to do. A run itself stores who asked for it.
 */
export const auditActions = [
  'signed-in',
  'signed-out',
  'access-refused',
  'token-created',
  'token-revoked',
  'sessions-ended',
  'store-added',
  'store-configured',
  'store-renamed',
  'store-owner-changed',
  'store-paused',
  'store-resumed',
  'store-reauthorized',
  'store-removed',
  'run-previewed',
  'mapping-previewed',
  'users-sampled',
  'run-cancelled',
  'run-approved',
  'run-rejected',
  'run-undone',
  'member-added',
  'member-activated',
  'member-deactivated',
  'member-released',
  'member-erased',
  'members-exported',
  'records-exported',
  'domain-added',
  'domain-checked',
  'domain-removed',
  'alert-tested',
  'template-changed',
  'secrets-rotated',
  'queue-changed',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** One changed value, never a secret; null means none. */
export interface AuditChange {
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * `begun`: the outcome is unknown (yet), since the process ended or the database went away
 * meanwhile. `refused`: nothing was changed.
 */
export const auditOutcomes = ['begun', 'done', 'refused'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/**
 * The subject of an entry. Members are named by the run that changed them: its record can be erased, an entry can't.
 */
export interface AuditSubject {
  readonly storeId: string | null;
  /** The name of the store at that time. */
  readonly storeName: string | null;
  readonly runId: string | null;
  readonly tokenId: string | null;
}

/** What is known before the action begins. */
export interface NewAuditEntry extends Omit<Actor, 'byTokenId'>, AuditSubject {
  /** Null on the command line, and in entries of earlier releases. */
  readonly byTokenId: string | null;
  readonly action: AuditAction;
  readonly changes: readonly AuditChange[];
}

/** One line of the audit. Ids ascend with time. */
export interface AuditEntry extends NewAuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly outcome: AuditOutcome;
  /** Why the action was refused. */
  readonly error: string | null;
}
