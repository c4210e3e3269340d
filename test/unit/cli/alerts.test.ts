import { CliWorld } from '../../fakes/cli-world.ts';

describe('rollcall alerts test', () => {
  it('sends a test to one channel, and says whether it was taken', async () => {
    const world = new CliWorld();
    const sent: string[] = [];
    world.alertSenders = {
      slack: async ({ text }) => {
        sent.push(text.message);
        return null;
      },
      mail: async () => 'the mail server answered 550',
    };
    const slack = await world.run(['alerts', 'test', 'slack', '--json']);
    expect(slack.json()).toEqual({ channel: 'slack', delivered: true, problem: null });
    expect(sent).toEqual(['This is a test: alerts of Rollcall arrive here.']);
    const mail = await world.run(['mail', 'test']);
    expect(mail).toMatchObject({
      exitCode: 1,
      stdout: 'Not sent: the mail server answered 550.\n',
    });
    const none = await world.run(['alerts', 'test', 'webhook']);
    expect(none).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('ALERT_WEBHOOK_URL is not set'),
    });
    const audited = (await world.audit.list({})).map(({ action, outcome }) => [action, outcome]);
    expect(audited).toEqual([
      ['alert-tested', 'done'],
      ['alert-tested', 'done'],
    ]);
  });
});
