import { onChannel } from '../core/alerts/channels.ts';
import { alertChannels } from '../core/model/alert.ts';
import type { AlertSenders, AlertStore } from '../ports/alerts.ts';

/** The outbox for these channels: each alert is stored for each of them. Without any it stores nothing. */
export function alertsTo(alerts: AlertStore, senders: AlertSenders): AlertStore {
  const channels = alertChannels.filter((channel) => senders[channel] !== undefined);
  return {
    ...alerts,
    isSilent: channels.length === 0,
    raise: (raised) =>
      alerts.raise(channels.flatMap((channel) => raised.map((alert) => onChannel(alert, channel)))),
  };
}
