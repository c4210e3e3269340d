/** The subjects of alerts. */
export const alertKinds = [
  'run-held',
  'run-failed',
  'needs-reauthorization',
  'undecided',
  'stale',
  'token-expires',
  'domain-lapsed',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** Where alerts go to: the webhook, the administrators' mail, a channel of Slack. */
export const alertChannels = ['webhook', 'mail', 'slack'] as const;
export type AlertChannel = (typeof alertChannels)[number];

/** An alert as it is raised. Its id is derived from its subject, so that raising it twice makes one. */
export interface NewAlert {
  readonly id: string;
  readonly kind: AlertKind;
  /** Null for a run of no store: an edit by hand. */
  readonly storeId: string | null;
  /** Null when it is about no run. */
  readonly runId: string | null;
  /** Left out, or null, when it is about no token. */
  readonly tokenId?: string | null;
  /** Left out, or null, when it is about no domain. */
  readonly domain?: string | null;
  /** Left out, or null, for the webhook. */
  readonly channel?: Exclude<AlertChannel, 'webhook'> | null;
}

/** An alert in the outbox: to be sent, sent, or given up. */
export interface Alert extends NewAlert {
  readonly createdAt: Date;
  /** How many times sending was tried. */
  readonly attempts: number;
  readonly triedAt: Date | null;
  /** When it is to be sent next; null exactly when it was delivered or given up. */
  readonly nextAttemptAt: Date | null;
  readonly deliveredAt: Date | null;
  /** Why the last try failed. */
  readonly lastError: string | null;
}
