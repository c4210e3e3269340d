import type { Alert } from '../model/alert.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** How long to wait after each failed attempt; after the last one an alert is given up. Two days in all. */
const waitsMs: readonly number[] = [
  5 * secondMs,
  minuteMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  6 * hourMs,
  12 * hourMs,
  24 * hourMs,
];

/** Waits are up to this much longer, so that alerts that failed together are not retried together. */
const jitter = 0.2;

/** How soon to check an alert again whose run is about to end. */
const untilEndedMs = 5 * secondMs;

/** The alert after its receiver accepted it. */
export function markDelivered(alert: Alert, now: Date): Alert {
  const attempts = alert.attempts + 1;
  return {
    ...alert,
    attempts,
    triedAt: now,
    deliveredAt: now,
    nextAttemptAt: null,
    lastError: null,
  };
}

/** The alert after an attempt failed: postponed, longer each time, or given up. */
export function markFailed(
  alert: Alert,
  failure: {
    readonly error: string;
    readonly now: Date;
    /** In [0, 1). */
    readonly random: number;
  },
): Alert {
  const { error, now, random } = failure;
  const waitMs = waitsMs[alert.attempts];
  return {
    ...alert,
    attempts: alert.attempts + 1,
    triedAt: now,
    lastError: error,
    nextAttemptAt:
      waitMs === undefined ? null : new Date(now.getTime() + waitMs * (1 + jitter * random)),
  };
}

/** The alert while its run has not ended; this counts as no attempt. */
export function putOff(alert: Alert, now: Date): Alert {
  return { ...alert, nextAttemptAt: new Date(now.getTime() + untilEndedMs) };
}
