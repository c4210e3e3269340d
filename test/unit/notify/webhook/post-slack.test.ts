import { createSlack, escapeForSlack } from '../../../../src/notify/webhook/post-slack.ts';
import { startAnsweringServer } from '../../../fakes/answering-server.ts';

const going = new AbortController().signal;
const text = {
  message: 'Failed: <!channel> & <@U1> @here',
  hint: 'Run: rollcall runs show 1 > file',
  url: 'https://rollcall.test/runs/1',
};

describe('an alert in Slack', () => {
  it('is text that notifies nobody, whatever a directory answered', async () => {
    const slack = await startAnsweringServer((response) => response.writeHead(200).end('ok'));
    const send = createSlack({ url: `${slack.url}/services/T/B/X` });
    expect(await send({ id: 'x', body: '{}', text }, going)).toBeNull();
    await slack.close();
    expect(JSON.parse(slack.requests[0]?.body ?? '')).toEqual({
      text: [
        'Failed: &lt;!channel&gt; &amp; &lt;@U1&gt; @here',
        'Run: rollcall runs show 1 &gt; file',
        'https://rollcall.test/runs/1',
      ].join('\n'),
      mrkdwn: false,
      link_names: false,
      parse: 'none',
      unfurl_links: false,
    });
  });

  it('is not delivered when Slack refuses it, and the reason does not tell the address', async () => {
    const slack = await startAnsweringServer((response) => response.writeHead(403).end());
    const send = createSlack({ url: `${slack.url}/services/T/B/hunter2` });
    expect(await send({ id: 'x', body: '{}', text }, going)).toBe('answered 403');
    await slack.close();
  });

  it('escapes each character once', () => {
    expect(escapeForSlack('&lt;')).toBe('&amp;lt;');
  });
});
