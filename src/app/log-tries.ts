import type { Logger } from 'pino';
import type { AlertTry } from '../notify/deliver-alerts.ts';
import type { NoticeTry } from '../notify/mail/deliver-notices.ts';

export function logAlertTry({ outcome, alert }: AlertTry, log: Logger): void {
  const { id, channel, runId, storeId, attempts, lastError, nextAttemptAt } = alert;
  const fields = {
    alert: id,
    channel,
    runId,
    storeId,
    attempts,
    problem: lastError,
    nextAttemptAt,
  };
  if (outcome === 'failed') log.warn(fields, 'An alert could not be delivered; trying again.');
  if (outcome === 'given-up') log.error(fields, 'An alert was given up: it was not delivered.');
}

/** The ids of members, and no address. */
export function logNoticeTry({ outcome, repeated, notice }: NoticeTry, log: Logger): void {
  const { id, kind, storeId, attempts, lastError, nextAttemptAt } = notice;
  const fields = { notice: id, kind, storeId, attempts, problem: lastError, nextAttemptAt };
  if (repeated) log.warn(fields, 'A mail may have arrived twice: the process that sent it died.');
  if (outcome === 'failed') log.warn(fields, 'A mail could not be sent; trying again.');
  if (outcome === 'given-up') log.error(fields, 'A mail was given up: it was not sent.');
}
