import { brotliCompressSync, gzipSync } from 'node:zlib';
import { createHttpClient } from '../../../../src/directories/http/client.ts';
import { type AnsweringServer, startAnsweringServer } from '../../../fakes/answering-server.ts';

let server: AnsweringServer;
afterEach(() => server.close());

const json = JSON.stringify({ name: 'J\u00fcrgen' });

/** The answer to a request, or the message of its failure, when a server answers with these bytes. */
async function ask(bytes: Buffer, headers: Record<string, string>, status = 200): Promise<unknown> {
  server = await startAnsweringServer((response) => {
    response.writeHead(status, headers);
    response.end(bytes);
  });
  const client = createHttpClient({
    source: 'JumpCloud',
    directory: 'jumpcloud',
    baseUrl: server.url,
    signIn: { headers: async () => ({}), secrets: [] },
    retryBudgetMs: 60_000,
    signal: new AbortController().signal,
    now: () => 0,
    random: () => 0,
    pause: async () => undefined,
  });
  const asked = client.get({
    route: '/people',
    read: (body) => body,
    missing: () => 'missing',
    maxAttempts: 2,
  });
  return asked.catch((error: unknown) => error);
}

describe('an answer of a directory', () => {
  const type = 'application/json';
  it.each<[string, Buffer, Record<string, string>]>([
    ['UTF-8', Buffer.from(json), { 'content-type': type }],
    ['UTF-8 without a content type', Buffer.from(json), {}],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${json}`), { 'content-type': type }],
    ['Latin-1', Buffer.from(json, 'latin1'), { 'content-type': `${type}; charset=iso-8859-1` }],
    [
      'UTF-16',
      Buffer.from(`\ufeff${json}`, 'utf16le'),
      { 'content-type': `${type}; charset=utf-16` },
    ],
    ['gzip', gzipSync(json), { 'content-type': type, 'content-encoding': 'gzip' }],
    ['brotli', brotliCompressSync(json), { 'content-type': type, 'content-encoding': 'br' }],
  ])('is read in %s', async (_, bytes, headers) => {
    await expect(ask(bytes, headers)).resolves.toEqual({ name: 'J\u00fcrgen' });
  });

  it.each<[string, Record<string, string>, string]>([
    ['Latin-1 without a charset', { 'content-type': type }, 'text that is not valid UTF-8'],
    [
      'an unknown charset',
      { 'content-type': `${type}; charset=utf-7` },
      'text in the unknown charset "utf-7"',
    ],
  ])('in %s is a failure of the source', async (_, headers, words) => {
    await expect(ask(Buffer.from(json, 'latin1'), headers)).resolves.toMatchObject({
      kind: 'retriable',
      message: expect.stringContaining(`answered 200 to GET /people: ${words}`),
    });
    expect(server.requests).toHaveLength(2);
  });

  it('does not say that somebody is missing when it can not be read', async () => {
    const bytes = Buffer.from('{"message":"nicht gefunden \u00fc"}', 'latin1');
    await expect(ask(bytes, { 'content-type': type }, 404)).resolves.toMatchObject({
      kind: 'retriable',
    });
  });
});
