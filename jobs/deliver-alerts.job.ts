import { type AlertTry, type DeliveryPorts, deliverAlerts } from '../src/notify/deliver-alerts.ts';
import type { AlertSenders } from '../src/ports/alerts.ts';
import type { LeaseStore } from '../src/ports/leases.ts';
import { defineRecurring, type JobDefinition } from './job-definition.ts';

export interface DeliverAlertsDependencies extends DeliveryPorts {
  readonly leases: LeaseStore;
  /** Empty when no receiver of alerts is set. */
  readonly alertSenders: AlertSenders;
  readonly staleMs: number;
  /** Where people reach this installation. */
  readonly publicUrl: string;
  readonly random: () => number;
  readonly onAlertTried: (tried: AlertTry) => void;
}

/** Longer than one round can take; renewed before each further one. */
const lease = { storeId: 'alerts', ttlMs: 60_000 };

/** Sends the alerts that are due. Only one worker at a time does it: two would send each alert twice. */
export function deliverAlertsJob(dependencies: DeliverAlertsDependencies): JobDefinition {
  const { leases, alertSenders, onAlertTried, ...rest } = dependencies;
  return defineRecurring('deliver-alerts', 10_000, async ({ signal, holder }) => {
    const hasReceiver = Object.keys(alertSenders).length > 0;
    if (!hasReceiver || !(await leases.acquire({ ...lease, holder }))) {
      return { end: 'done', result: { delivered: 0, failed: 0 } };
    }
    try {
      const result = await deliverAlerts(rest, {
        ...rest,
        senders: alertSenders,
        signal,
        mayContinue: () => leases.renew({ ...lease, holder }),
        onTried: onAlertTried,
      });
      return { end: 'done', result };
    } finally {
      await leases.release({ storeId: lease.storeId, holder });
    }
  });
}
