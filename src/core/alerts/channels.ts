import type { Alert, AlertChannel, NewAlert } from '../model/alert.ts';

/** An alert as it is stored for one channel: each has its own tries. */
export function onChannel(alert: NewAlert, channel: AlertChannel): NewAlert {
  if (channel === 'webhook') return alert;
  return { ...alert, id: idOnChannel(alert.id, channel), channel };
}

/** The id of an alert on a channel. On the webhook it is that of the subject, as in earlier releases. */
export function idOnChannel(id: string, channel: AlertChannel): string {
  return channel === 'webhook' ? id : `${channel}_${id}`;
}

export function channelOf({ channel }: Pick<Alert, 'channel'>): AlertChannel {
  return channel ?? 'webhook';
}
