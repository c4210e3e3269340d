import { seeRunbook } from '../../core/runbooks.ts';
import type { Ports } from '../../ports/index.ts';
import type { Finding } from '../dependencies.ts';
import { plural } from '../views/words.ts';
import { bad, good } from './finding.ts';

/** Whether mails to members are sent, and to which domains. Nothing where no store wants any. */
export async function checkMail({
  notices,
  domains,
  stores,
}: Pick<Ports, 'notices' | 'domains' | 'stores'>): Promise<readonly Finding[]> {
  const about = 'mail';
  const wanting = (await stores.list()).filter(
    ({ config }) => config.settings.notifications.mail === 'notify',
  );
  if (wanting.length === 0) return [];
  const names = wanting.map(({ name }) => name).join(', ');
  if (notices.isSilent) {
    const message = `${names} sends mail to newcomers, and no mail server is set`;
    return [bad(about, message, `Set SMTP_URL and MAIL_FROM. ${seeRunbook('mail-is-not-sent')}`)];
  }
  const all = await domains.list();
  if (!all.some(({ status }) => status === 'verified')) {
    const message = `${names} sends mail to newcomers, and no domain is verified`;
    const advice = `Add their domains: rollcall domains add DOMAIN. ${seeRunbook('mail-is-not-sent')}`;
    return [bad(about, message, advice)];
  }
  const { waiting, failing, givenUp } = await notices.summary();
  if (failing + givenUp === 0) return [good(about, `${plural(waiting, 'mail')} to be sent`)];
  const message = `${plural(failing, 'mail')} not sent yet, ${plural(givenUp, 'mail')} given up`;
  const advice = `See why: rollcall mail outbox. ${seeRunbook('mail-is-not-sent')}`;
  return [bad(about, message, advice)];
}
