import type { Alert } from '../model/alert.ts';
import type { MailDomain } from '../model/mail-domain.ts';
import { hasEnded, heldIn, needsPerson, type Run } from '../model/run.ts';
import type { DirectoryStore } from '../model/store.ts';
import type { ExpiringToken } from '../model/token.ts';
import { channelOf, idOnChannel } from './channels.ts';
import { staleAlert } from './new-alerts.ts';

/** The run and store of an alert, read when it is about to be sent. */
export interface AlertFacts {
  readonly run: Run | null;
  readonly store: DirectoryStore | null;
  /** Since when the store has not been synced, if that is too long. */
  readonly staleSince: Date | null;
  /** The token, if it still has to be replaced. */
  readonly token: ExpiringToken | null;
  readonly domain: MailDomain | null;
}

/**
 * Whether an alert is still true. It is raised before its run is marked as ended: after a crash in between the run is
 * resumed, and may end otherwise. An alert about something that an administrator has dealt with meanwhile is dropped.
 */
export function judgeAlert(
  alert: Pick<Alert, 'id' | 'kind' | 'storeId' | 'channel'>,
  { run, store, staleSince, token, domain }: AlertFacts,
): 'send' | 'wait' | 'drop' {
  const { id, kind, storeId } = alert;
  if (run !== null && !hasEnded(run)) return 'wait';
  switch (kind) {
    case 'run-held':
      return sendIf(run !== null && heldIn(run) > 0);
    case 'run-failed':
      return sendIf(run?.status === 'failed');
    case 'undecided':
      return sendIf(run !== null && needsPerson(run.undecided));
    case 'needs-reauthorization':
      return sendIf(store?.status === 'needs-reauthorization');
    case 'token-expires':
      return sendIf(token !== null);
    case 'domain-lapsed':
      return sendIf(domain?.status === 'lapsed');
    case 'stale':
      return sendIf(
        storeId !== null &&
          staleSince !== null &&
          idOnChannel(staleAlert({ storeId }, staleSince).id, channelOf(alert)) === id,
      );
  }
}

function sendIf(isTrue: boolean): 'send' | 'drop' {
  return isTrue ? 'send' : 'drop';
}
