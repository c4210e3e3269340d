import { createConnectDirectory } from '../../../../src/directories/index.ts';
import { askByIds } from '../../../../src/sync/source/ask-by-id.ts';
import {
  type AnsweringServer,
  sendJson,
  startAnsweringServer,
} from '../../../fakes/answering-server.ts';
import { type ProxyServer, startProxy } from '../../../fakes/proxy-server.ts';

const leaver = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const listed = 'bbbbbbbbbbbbbbbbbbbbbbbb';

let proxy: ProxyServer;
let tokens: AnsweringServer;
let console: AnsweringServer;
/** The status of an answer about the leaver. */
let status: number;

beforeAll(async () => {
  proxy = await startProxy();
  tokens = await startAnsweringServer((response) =>
    sendJson(response, 200, { access_token: 'a_token' }),
  );
  console = await startAnsweringServer((response, { url }) => {
    if (url.includes(`/${leaver}`)) return sendJson(response, status, status === 200 ? null : {});
    if (url.includes(`/${listed}`)) return sendJson(response, 200, { _id: listed });
    const isAsked = decodeURIComponent(url).includes(listed);
    const results = isAsked ? [{ _id: listed }] : [];
    sendJson(response, 200, { results, totalCount: results.length });
  });
});
afterAll(() => Promise.all([proxy.close(), tokens.close(), console.close()]));

async function answerOnLeaver(except: string): Promise<string | undefined> {
  const connect = createConnectDirectory(
    {
      origins: { JUMPCLOUD_CONSOLE_URL: console.url, JUMPCLOUD_OAUTH_URL: tokens.url },
      retryBudgetMs: 2000,
      proxies: { https: undefined, http: proxy.url, except },
    },
    { now: Date.now, random: () => 0 },
  );
  const directory = connect({
    directory: 'jumpcloud',
    connection: { region: 'us' },
    credential: { type: 'client-credentials', clientId: 'ada', clientSecret: 'hunter2' },
    orgId: null,
    signal: new AbortController().signal,
  });
  const answers = askByIds([leaver], { directory, controls: [listed] });
  for await (const { answer } of answers) return answer.is;
  return undefined;
}

describe('JumpCloud behind a proxy for plain http', () => {
  it('is asked through it, and so is the host of tokens', async () => {
    status = 200;
    expect(await answerOnLeaver('')).toBe('gone');
    expect(proxy.asked).toContain(`POST ${tokens.url}/oauth2/token`);
    expect(proxy.asked).toContain(`GET ${console.url}/api/systemusers/${leaver}`);
    expect(proxy.asked).toHaveLength(tokens.requests.length + console.requests.length);
  });

  it.each([404, 410, 400])('tells nobody gone by %i, which may be the proxy’s', async (answer) => {
    status = answer;
    expect(await answerOnLeaver('')).toBe('unknown');
    expect(await answerOnLeaver('127.0.0.1')).toBe('gone');
  });
});
