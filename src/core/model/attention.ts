import { type AlertKind, alertKinds } from './alert.ts';

/**
 * What waits for a person: the subjects of alerts, and what no alert is sent about. `reported`: people whom the last sync
 * could not sync. `set-up`: a store that no sync and no push has reached yet. `alerts-undelivered`: the receiver takes none.
 */
export const attentionKinds = [...alertKinds, 'reported', 'set-up', 'alerts-undelivered'] as const;
export type AttentionKind = (typeof attentionKinds)[number];

/** The facts of a sentence about it: which ones depends on the kind. */
interface AttentionParams {
  /** Changes that are held, and those of the same run that went through. */
  readonly held?: number;
  readonly applied?: number;
  /** Why the last sync failed. */
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** People whose address another member has, and whose record can't be read or computed. */
  readonly conflicts?: number;
  readonly problems?: number;
  /** Runs in a row with an incomplete listing, and users who are undecided for three runs or more. */
  readonly incompleteRuns?: number;
  readonly undecidedUsers?: number;
  /** The name of an access token; absent for the SCIM token of a store. */
  readonly tokenName?: string;
  /** When a token stops working, or did. */
  readonly expiresAt?: Date;
  /** The domain that is no longer verified. */
  readonly domain?: string;
  /** How the store gets its users. */
  readonly via?: 'api' | 'scim';
  /** Alerts that are tried again, and that were given up. */
  readonly failing?: number;
  readonly givenUp?: number;
}

/** One thing that waits for a person. */
export interface Attention {
  readonly kind: AttentionKind;
  readonly storeId: string | null;
  readonly runId: string | null;
  /** Since when; null when that is not known. */
  readonly since: Date | null;
  readonly params: AttentionParams;
}

/** One whose subject alerts are sent about. */
export interface AlertAttention extends Attention {
  readonly kind: AlertKind;
}
