import { InvalidInput, SourceError } from '../../../../src/core/errors.ts';
import { createConnectDirectory } from '../../../../src/directories/index.ts';
import type { ConnectOptions, SourceDirectory } from '../../../../src/ports/directory.ts';
import {
  type AnsweringServer,
  type AnswerRequest,
  sendJson,
  startAnsweringServer,
} from '../../../fakes/answering-server.ts';

let server: AnsweringServer;
let nowMs: number;

function connect(options: Partial<ConnectOptions> = {}): SourceDirectory {
  const connectDirectory = createConnectDirectory(
    {
      origins: { JUMPCLOUD_CONSOLE_URL: server.url, JUMPCLOUD_OAUTH_URL: server.url },
      retryBudgetMs: 2000,
    },
    { now: () => nowMs, random: () => 0 },
  );
  return connectDirectory({
    directory: 'jumpcloud',
    connection: { region: 'us' },
    credential: { type: 'api-key', apiKey: 'jca_key' },
    orgId: null,
    signal: new AbortController().signal,
    ...options,
  });
}

const serviceAccount = {
  type: 'client-credentials',
  clientId: 'me',
  clientSecret: 's3cret',
} as const;
const organizations = { results: [{ _id: 'o1', displayName: 'Acme' }], totalCount: 1 };

async function serve(answer: AnswerRequest): Promise<void> {
  nowMs = 1_000_000;
  server = await startAnsweringServer(answer);
}
afterEach(() => server.close());

describe('connecting to JumpCloud', () => {
  it('needs one request to find the one organization', async () => {
    await serve((response) => sendJson(response, 200, organizations));
    await expect(connect().organizations()).resolves.toEqual([{ id: 'o1', name: 'Acme' }]);
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/api/organizations?sort=_id&limit=100&skip=0',
    ]);
  });

  it('names the organization only when given, and never when asking for organizations', async () => {
    await serve((response, { url }) =>
      sendJson(response, 200, url.includes('organizations') ? organizations : { _id: 'u1' }),
    );
    await connect().getUser('u1');
    await connect({ orgId: 'o1' }).getUser('u1');
    await connect({ orgId: 'o1' }).organizations();
    expect(server.requests.map(({ headers }) => headers['x-org-id'])).toEqual([
      undefined,
      'o1',
      undefined,
    ]);
  });

  it('does not accept another user’s record for the requested one', async () => {
    await serve((response, _, count) =>
      sendJson(response, 200, { _id: count === 0 ? 'u2' : 'u1' }),
    );
    await expect(connect().getUser('u1')).resolves.toMatchObject({
      found: true,
      user: { externalId: 'u1' },
    });
  });

  it.each([
    ['an empty key', { credential: { type: 'api-key', apiKey: '' } }, 'the API key is empty'],
    [
      'a key with a line break',
      { credential: { type: 'api-key', apiKey: 'a\nb' } },
      'a line break',
    ],
    ['a malformed organization id', { orgId: 'ö 1' }, 'organization id'],
    [
      'a service account elsewhere',
      { credential: serviceAccount, connection: { region: 'eu' } },
      'region eu',
    ],
    ['an empty client id', { credential: { ...serviceAccount, clientId: '' } }, 'client id'],
  ] as const)('refuses %s before any request', async (_, options, words) => {
    await serve((response) => response.end());
    expect(() => connect(options)).toThrow(InvalidInput);
    expect(() => connect(options)).toThrow(words);
    expect(server.requests).toEqual([]);
  });
});

describe('signing in as a service account', () => {
  let valid: string;
  let issued: number;
  const issueTokens: AnswerRequest = (response, { url, headers }) => {
    if (url === '/oauth2/token') {
      issued += 1;
      valid = `token-${issued}`;
      return sendJson(response, 200, { access_token: valid, expires_in: 3600 });
    }
    if (headers.authorization !== `Bearer ${valid}`) return sendJson(response, 401, {});
    return sendJson(response, 200, organizations);
  };
  beforeEach(() => {
    issued = 0;
  });

  it('asks for one token by client credentials, and uses it for all', async () => {
    await serve(issueTokens);
    const directory = connect({ credential: serviceAccount });
    await Promise.all([
      directory.organizations(),
      directory.organizations(),
      directory.organizations(),
    ]);
    const [first, ...others] = server.requests;
    expect(first).toMatchObject({
      method: 'POST',
      url: '/oauth2/token',
      body: 'grant_type=client_credentials&scope=api',
      headers: {
        authorization: `Basic ${Buffer.from('me:s3cret').toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    expect(others.map(({ headers }) => headers.authorization)).toEqual(
      Array(3).fill('Bearer token-1'),
    );
  });

  it('renews the token shortly before it expires', async () => {
    await serve(issueTokens);
    const directory = connect({ credential: serviceAccount });
    await directory.organizations();
    nowMs += 3_539_000;
    await directory.organizations();
    expect(issued).toBe(1);
    nowMs += 2_000;
    await directory.organizations();
    expect(issued).toBe(2);
  });

  it('renews a token that is refused, once', async () => {
    await serve(issueTokens);
    const directory = connect({ credential: serviceAccount });
    await directory.organizations();
    valid = 'revoked';
    await expect(
      Promise.all([directory.organizations(), directory.organizations()]),
    ).resolves.toHaveLength(2);
    expect(issued).toBe(2);
  });

  it('gives up when a fresh token is refused too', async () => {
    await serve((response, { url }) =>
      url === '/oauth2/token'
        ? sendJson(response, 200, { access_token: 't', expires_in: 3600 })
        : sendJson(response, 401, {}),
    );
    const asking = connect({ credential: serviceAccount }).organizations();
    await expect(asking).rejects.toMatchObject({ kind: 'auth', code: 'source-auth' });
    expect(server.requests).toHaveLength(4);
  });

  it.each([400, 401])('takes a %i to the token request as a refused account', async (status) => {
    await serve((response) =>
      sendJson(response, status, { error: 'invalid_client', error_description: 'bad s3cret' }),
    );
    const asking = connect({ credential: serviceAccount }).organizations();
    await expect(asking).rejects.toMatchObject({ kind: 'auth', code: 'source-auth' });
    await expect(asking).rejects.not.toThrow(/s3cret/);
    expect(server.requests).toHaveLength(1);
  });
});

describe('JumpCloud’s groups', () => {
  const groups = [
    { id: 'g1', name: 'Engineers' },
    { id: 'g2', name: 'Sales' },
    { id: 'g3', name: 'Sales' },
    { id: 'g4', name: 'g1' },
  ];
  const serveGroups: AnswerRequest = (response, { url }) =>
    sendJson(response, 200, url.includes('skip=0') ? groups : [], { 'x-total-count': '4' });

  it('resolves ids and exact names, ids first', async () => {
    await serve(serveGroups);
    const resolved = await connect().resolveGroups(['Engineers', 'g2', 'g1']);
    expect([...resolved]).toEqual([
      ['Engineers', 'g1'],
      ['g2', 'g2'],
      ['g1', 'g1'],
    ]);
  });

  it.each([
    ['Enginers', 'has no user group "Enginers". Did you mean Engineers?'],
    ['engineers', 'has no user group "engineers". Did you mean Engineers?'],
    ['Sales', 'has 2 user groups named "Sales": name the one by its id (g2, g3)'],
  ])('says what is wrong with %s', async (reference, words) => {
    await serve(serveGroups);
    const resolving = connect().resolveGroups([reference]);
    await expect(resolving).rejects.toBeInstanceOf(SourceError);
    await expect(resolving).rejects.toMatchObject({ kind: 'fatal', code: 'group-missing' });
    await expect(resolving).rejects.toThrow(words);
  });

  it('reads members past short pages and empty rows, until an empty page past the total', async () => {
    const members = Array.from({ length: 250 }, (_, n) => ({ id: `u${n}`, type: 'user' }));
    await serve((response, { url }) => {
      const skip = Number(new URL(url, server.url).searchParams.get('skip'));
      const page = members.slice(skip, skip + 100).filter((_, n) => n % 10 !== 3);
      sendJson(response, 200, page.length === 0 ? [] : [null, ...page], { 'x-total-count': '250' });
    });
    const ids: string[] = [];
    for await (const page of connect().walkGroupMembers('g1')) ids.push(...page);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(225);
    expect(ids).toContain('u249');
  });

  it.each<[string, readonly unknown[], string | undefined, string | null]>([
    ['is whole', [{ id: 'u1' }, { id: 'u2' }], '2', null],
    ['is empty, and says so', [], '0', null],
    ['states no total', [{ id: 'u1' }], undefined, 'it states no total'],
    ['is empty without a total', [], undefined, 'it states no total'],
    ['has an empty row', [{ id: 'u1' }, null], '2', 'it has 1 rows without an id'],
    ['names fewer than its total', [{ id: 'u1' }, { id: 'u1' }], '2', 'it states 2 and names 1'],
  ])('tells whether a list of members %s', async (_, rows, total, reason) => {
    await serve((response, { url }) => {
      const page = url.includes('skip=0') ? rows : [];
      sendJson(response, 200, page, total === undefined ? {} : { 'x-total-count': total });
    });
    const list = connect().walkGroupMembers('g1');
    let next = await list.next();
    while (!next.done) next = await list.next();
    expect(next.value).toBe(reason);
    expect(server.requests[0]?.url).toContain('sort=id');
  });

  it.each<[string, readonly unknown[], string | undefined]>([
    ['that is empty without a total', [], undefined],
    ['with an empty row', [{ id: 'g1' }, null], undefined],
    ['that names fewer than its total', [{ id: 'g1' }], '2'],
  ])('decides nothing on a user’s list %s', async (_, rows, total) => {
    await serve((response, { url }) => {
      const page = url.includes('skip=0') ? rows : [];
      sendJson(response, 200, page, total === undefined ? {} : { 'x-total-count': total });
    });
    const code = rows.length === 0 && total === undefined ? 'no-groups-stated' : 'user-failed';
    await expect(connect().groupsOf('u1')).rejects.toMatchObject({ code });
  });

  it('takes a list that is cut off as no answer, not as a short list', async () => {
    await serve((response, { url }) =>
      sendJson(response, 200, url.includes('skip=0') ? [{ id: 'u1' }] : [], {
        'x-total-count': '900',
      }),
    );
    await expect(connect().groupsOf('u1')).rejects.toMatchObject({ code: 'user-failed' });
  });

  it('does not take a missing user as one in no group', async () => {
    await serve((response) => sendJson(response, 404, { message: 'Not Found' }));
    await expect(connect().groupsOf('u1')).rejects.toMatchObject({
      kind: 'retriable',
      code: 'user-failed',
    });
    await expect(connect().walkGroupMembers('g1').next()).rejects.toMatchObject({
      code: 'group-missing',
    });
  });
});
