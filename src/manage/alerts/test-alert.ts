import { randomUUID } from 'node:crypto';
import { InvalidInput } from '../../core/errors.ts';
import type { AlertChannel } from '../../core/model/alert.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { Ports } from '../../ports/index.ts';
import { audited } from '../audit/audited.ts';

const settingOf: Readonly<Record<AlertChannel, string>> = {
  webhook: 'ALERT_WEBHOOK_URL',
  mail: 'MAIL_ADMINS',
  slack: 'SLACK_WEBHOOK_URL',
};

/** Sends an alert that says that it is a test. Null when its receiver took it; otherwise why not. */
export async function testAlert(
  ports: Pick<Ports, 'alertSenders' | 'audit' | 'clock'>,
  { channel, publicUrl }: { readonly channel: AlertChannel; readonly publicUrl: string },
  actor: Actor,
): Promise<string | null> {
  const send = ports.alertSenders[channel];
  if (send === undefined) {
    throw new InvalidInput(`No alerts go to ${channel}: ${settingOf[channel]} is not set.`, {
      hint: 'docs/settings.md describes every setting.',
    });
  }
  const text = {
    message: 'This is a test: alerts of Rollcall arrive here.',
    hint: 'Nothing needs to be done.',
    url: publicUrl,
  };
  const id = `test_${randomUUID()}`;
  const about = { at: ports.clock.now().toISOString(), store: null, run: null, token: null };
  const body = JSON.stringify({ id, kind: 'test', ...about, domain: null, ...text });
  const changes = [{ path: 'channel', from: null, to: channel }];
  return audited(ports, { actor, action: 'alert-tested', changes }, () =>
    send({ id, body, text }, new AbortController().signal),
  );
}
