import type { Config } from '../../config/load.ts';
import type { MailSender } from '../notify/mail/send-mail.ts';
import { createWays } from '../outgoing/ways.ts';
import type { AlertSenders, SendAlert } from '../ports/alerts.ts';
import type { Clock } from '../ports/clock.ts';
import type { SendMail } from '../ports/mail.ts';

interface Senders {
  readonly alertSenders: AlertSenders;
  readonly sendMail: SendMail | null;
  readonly close: () => void;
}

/** What sends alerts and mail, as far as the settings name receivers. Each part is loaded when it sends first. */
export function openSenders(config: Config, clock: Clock): Senders {
  const { mail, slackWebhookUrl, alertWebhook } = config;
  let sender: Promise<MailSender> | null = null;
  const openSender = async (settings: NonNullable<Config['mail']>): Promise<MailSender> => {
    const { createMailSender } = await import('../notify/mail/send-mail.ts');
    return createMailSender(settings);
  };
  const sendMail: SendMail | null =
    mail === undefined
      ? null
      : async (message, signal) => {
          sender ??= openSender(mail);
          return (await sender).send(message, signal);
        };
  return {
    alertSenders: {
      ...(alertWebhook !== undefined && {
        webhook: sendTo(config, alertWebhook.url, async (way) => {
          const { createWebhook } = await import('../notify/webhook/post-webhook.ts');
          return createWebhook({ ...alertWebhook, clock, way });
        }),
      }),
      ...(sendMail !== null &&
        mail !== undefined &&
        mail.admins.length > 0 && {
          mail: async (...asked: Parameters<SendAlert>) => {
            const { mailAlerts } = await import('../notify/mail/mail-alerts.ts');
            return mailAlerts(sendMail, mail.admins)(...asked);
          },
        }),
      ...(slackWebhookUrl !== undefined && {
        slack: sendTo(config, slackWebhookUrl, async (way) => {
          const { createSlack } = await import('../notify/webhook/post-slack.ts');
          return createSlack({ url: slackWebhookUrl, way });
        }),
      }),
    },
    sendMail,
    close: () => void sender?.then(({ close }) => close()),
  };
}

type ToUrl = ReturnType<ReturnType<typeof createWays>>;

/** A sender that is made, with the way to its URL, at the first alert. */
function sendTo(
  { proxies }: Config,
  url: string,
  create: (way: ToUrl) => Promise<SendAlert>,
): SendAlert {
  let sender: Promise<SendAlert> | null = null;
  return async (...asked) => {
    sender ??= create(createWays(proxies, {})(url));
    return (await sender)(...asked);
  };
}
