import type { Command } from 'commander';
import { type AlertChannel, alertChannels } from '../../core/model/alert.ts';
import { testAlert } from '../../manage/alerts/test-alert.ts';
import { addCommand, type Context, readChoice, withDatabase } from '../context.ts';

/** `alerts`: the channels that alerts go to. */
export function addAlerts(program: Command, context: Context): void {
  const alerts = program.command('alerts').description('try the channels that alerts go to');
  addCommand(alerts, {
    usage: 'test <channel>',
    summary: `send an alert as a test to ${alertChannels.join(', ')}; exit 1 when it is not taken`,
    examples: ['rollcall alerts test slack'],
  }).action((channel: string) =>
    sendTestAlert(context, readChoice('The channel', channel, alertChannels)),
  );
}

/** Sends an alert as a test, and exits 1 when its receiver does not take it. */
export function sendTestAlert(context: Context, channel: AlertChannel): Promise<void> {
  return withDatabase(context, async ({ ports, publicUrl }) => {
    const problem = await testAlert(ports, { channel, publicUrl }, context.actor);
    if (problem !== null) context.setExitCode(1);
    await context.output.answer({ channel, delivered: problem === null, problem }, () => [
      problem === null ? `Sent to ${channel}.` : `Not sent: ${problem}.`,
    ]);
  });
}
