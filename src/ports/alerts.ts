import type { Alert, NewAlert } from '../core/model/alert.ts';

/** The recent results of sending alerts. */
export interface AlertSummary {
  /** Not tried yet. */
  readonly waiting: number;
  /** Tried without success, and tried again. */
  readonly failing: number;
  /** Given up since the last alert was delivered. */
  readonly givenUp: number;
  /** Why the latest of those failed. */
  readonly lastError: string | null;
}

/** The outbox of alerts. */
export interface AlertStore {
  /** True when no receiver of alerts is configured: no alert is stored. */
  readonly isSilent: boolean;
  /** Stores alerts, to be sent at once. One that exists already stays as it is, sent or not. */
  raise(alerts: readonly NewAlert[]): Promise<void>;
  /** Alerts to be sent by now, the longest due first. */
  due(now: Date, limit: number): Promise<readonly Alert[]>;
  /** Replaces an alert, unless it is gone. */
  save(alert: Alert): Promise<void>;
  drop(id: string): Promise<void>;
  summary(): Promise<AlertSummary>;
}

/**
 * Posts an alert, signed. Null when the receiver took it; otherwise why not, in words that name no address, since
 * that may hold a secret. `Cancelled` when the signal cut it off.
 */
export type SendAlert = (
  message: { readonly id: string; readonly body: string },
  signal: AbortSignal,
) => Promise<string | null>;
