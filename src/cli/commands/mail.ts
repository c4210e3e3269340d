import type { Command } from 'commander';
import { addCommand, type Context } from '../context.ts';
import { sendTestAlert } from './alerts.ts';

/** `mail`: what is sent by mail. */
export function addMail(program: Command, context: Context): void {
  const mail = program.command('mail').description('try the mail server');
  addCommand(mail, {
    usage: 'test',
    summary: 'send a mail to MAIL_ADMINS as a test; exit 1 when the mail server does not take it',
    examples: ['rollcall mail test'],
  }).action(() => sendTestAlert(context, 'mail'));
}
