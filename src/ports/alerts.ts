import type { AlertSummary } from '../core/alerts/summary.ts';
import type { Alert, AlertChannel, NewAlert } from '../core/model/alert.ts';

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

/** An alert in words. */
interface AlertText {
  readonly message: string;
  readonly hint: string;
  /** The screen of the console that answers it. */
  readonly url: string;
}

/**
 * Sends an alert: as the JSON of its body, or as its text. Null when the receiver took it; otherwise why not, in words that name no address, since
 * that may hold a secret. `Cancelled` when the signal cut it off.
 */
export type SendAlert = (
  message: { readonly id: string; readonly body: string; readonly text: AlertText },
  signal: AbortSignal,
) => Promise<string | null>;

/** What sends alerts to each channel that is set. */
export type AlertSenders = Readonly<Partial<Record<AlertChannel, SendAlert>>>;
