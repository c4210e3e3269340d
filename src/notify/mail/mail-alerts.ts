import type { SendAlert } from '../../ports/alerts.ts';
import type { SendMail } from '../../ports/mail.ts';

/** Sends alerts to the administrators by mail. */
export function mailAlerts(send: SendMail, admins: readonly string[]): SendAlert {
  return async ({ id, text: { message, hint, url } }, signal) => {
    const subject = `Rollcall: ${oneLine(message)}`;
    const text = [message, hint, url].join('\n\n');
    const problem = await send({ id, to: admins, subject, text: `${text}\n` }, signal);
    return problem?.message ?? null;
  };
}

const longestSubject = 150;

/** A message may quote what a directory answered. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > longestSubject ? `${line.slice(0, longestSubject)}…` : line;
}
