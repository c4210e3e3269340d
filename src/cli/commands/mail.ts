import type { Command } from 'commander';
import { type Notice, type NoticeState, noticeStates, stateOf } from '../../core/model/notice.ts';
import { noticeJson } from '../../presenters/mail.ts';
import { addCommand, type Context, choiceOption, withDatabase } from '../context.ts';
import { exactTime } from '../views/words.ts';
import { sendTestAlert } from './alerts.ts';

const mostListed = 500;

/** `mail`: what is sent by mail. */
export function addMail(program: Command, context: Context): void {
  const mail = program.command('mail').description('try the mail server, and see what it sends');
  addCommand(mail, {
    usage: 'test',
    summary: 'send a mail to MAIL_ADMINS as a test; exit 1 when the mail server does not take it',
    examples: ['rollcall mail test'],
  }).action(() => sendTestAlert(context, 'mail'));
  addCommand(mail, {
    usage: 'outbox',
    summary: `list the newest ${mostListed} mails to members, without their addresses`,
    examples: ['rollcall mail outbox', 'rollcall mail outbox --state given-up'],
  })
    .addOption(choiceOption('--state <state>', 'only those in one state', noticeStates))
    .action((options: { readonly state?: NoticeState }) => listOutbox(context, options.state));
}

function listOutbox(context: Context, state: NoticeState | undefined): Promise<void> {
  return withDatabase(context, async ({ ports }) => {
    await context.output.list<Notice>({
      items: await ports.notices.list({ state, limit: mostListed }),
      json: noticeJson,
      empty: 'There is no mail.',
      columns: [
        { title: 'SINCE', value: ({ createdAt }) => exactTime(createdAt) },
        { title: 'KIND', value: ({ kind }) => kind },
        { title: 'MEMBER', value: ({ memberId }) => memberId },
        {
          title: 'STATE',
          value: stateOf,
          style: (notice) => (stateOf(notice) === 'given-up' ? 'red' : undefined),
        },
        { title: 'TRIES', value: ({ attempts }) => String(attempts), leaveOut: 1 },
        { title: 'PROBLEM', value: ({ lastError }) => lastError ?? '–' },
      ],
    });
  });
}
