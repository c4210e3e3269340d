/** Who acts, and from where. */
export interface Actor {
  /** `cli:<os user>` or `token:<name>`. */
  readonly by: string;
  /** The address a request came from; the machine's name on the command line. */
  readonly from: string;
}

/** What is audited: every change of configuration, access and decisions. Who asked for a run stands in the run. */
export const auditActions = [
  'signed-in',
  'signed-out',
  'token-created',
  'token-revoked',
  'store-added',
  'store-configured',
  'store-renamed',
  'store-owner-changed',
  'store-paused',
  'store-resumed',
  'store-reauthorized',
  'store-removed',
  'run-cancelled',
  'run-approved',
  'run-rejected',
  'run-undone',
  'member-added',
  'member-activated',
  'member-deactivated',
  'member-erased',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** One thing that changed, never a secret; null stands for nothing. */
export interface AuditChange {
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * `begun`: what came of it is unknown (yet), since the process ended or the database went away meanwhile.
 * `refused`: nothing was changed.
 */
export const auditOutcomes = ['begun', 'done', 'refused'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** What an entry is about. Members are named by the run that changed them: its record can be erased, an entry can't. */
export interface AuditSubject {
  readonly storeId: string | null;
  /** As the store was called then. */
  readonly storeName: string | null;
  readonly runId: string | null;
  readonly tokenId: string | null;
}

/** What is known before the work begins. */
export interface NewAuditEntry extends Actor, AuditSubject {
  readonly action: AuditAction;
  readonly changes: readonly AuditChange[];
}

/** One line of the audit. Ids ascend with time. */
export interface AuditEntry extends NewAuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly outcome: AuditOutcome;
  /** Why it was refused. */
  readonly error: string | null;
}
