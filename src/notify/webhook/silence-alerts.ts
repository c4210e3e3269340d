import type { AlertStore } from '../../ports/alerts.ts';

/** The outbox without a webhook: it stores nothing, since no job would send it. */
export function silenceAlerts(alerts: AlertStore): AlertStore {
  return { ...alerts, isSilent: true, raise: async () => undefined };
}
