import type { ServerResponse } from 'node:http';
import { createConnectDirectory } from '../../../../src/directories/index.ts';
import { askByIds } from '../../../../src/sync/source/ask-by-id.ts';
import {
  type AnsweringServer,
  sendJson,
  startAnsweringServer,
} from '../../../fakes/answering-server.ts';

const leaver = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const listed = 'bbbbbbbbbbbbbbbbbbbbbbbb';
const alsoListed = 'dddddddddddddddddddddddd';

type Answer = (response: ServerResponse) => void;
/** Null: the filter is refused. */
type FilterAnswer = (ids: readonly string[]) => {
  readonly results: readonly unknown[];
  readonly totalCount: number;
} | null;

let server: AnsweringServer;
afterEach(() => server.close());

/** Asks for the leaver between two listed users, at a source that answers so by id and to filters. */
async function ask(byId: Answer, toFilter: FilterAnswer = onlyListed) {
  server = await startAnsweringServer((response, { url }) => {
    if (url.includes(`/${leaver}`)) return byId(response);
    if (url.includes(`/${listed}`)) return sendJson(response, 200, { _id: listed });
    const ids = [...decodeURIComponent(url).matchAll(/_id:\$eq:(\w+)/g)].map(([, id = '']) => id);
    const list = toFilter(ids);
    sendJson(response, list === null ? 400 : 200, list ?? { message: 'unknown filter' });
  });
  const connect = createConnectDirectory(
    { origins: { JUMPCLOUD_CONSOLE_URL: server.url }, retryBudgetMs: 2000 },
    { now: Date.now, random: () => 0 },
  );
  const directory = connect({
    directory: 'jumpcloud',
    connection: { region: 'us' },
    credential: { type: 'api-key', apiKey: 'jca_key' },
    orgId: null,
    signal: new AbortController().signal,
  });
  const answers = askByIds([leaver], { directory, controls: [listed, alsoListed] });
  for await (const { answer } of answers) return answer.is;
  return null;
}

const onlyListed = (ids: readonly string[]) => rowsOf(ids.filter((id) => id !== leaver));
const rowsOf = (ids: readonly string[]) => ({
  results: ids.map((_id) => ({ _id })),
  totalCount: ids.length,
});
const notFound: Answer = (response) => sendJson(response, 404, { message: 'not found' });

describe('a user asked for by id', () => {
  it.each<[string, Answer]>([
    ['200 with nothing', (response) => response.writeHead(200).end()],
    ['200 with blanks', (response) => response.writeHead(200).end(' \n ')],
    ['204', (response) => response.writeHead(204).end()],
    ['200 with null', (response) => sendJson(response, 200, null)],
    ['200 with {}', (response) => sendJson(response, 200, {})],
    ['404 in JSON', notFound],
    ['404 as a page', (response) => response.writeHead(404).end('<html>Not found</html>')],
    ['404 with nothing', (response) => response.writeHead(404).end()],
    ['410', (response) => sendJson(response, 410, { message: 'gone' })],
    ['400', (response) => sendJson(response, 400, { message: 'Cast to ObjectId failed' })],
  ])('is gone after %s and an empty list for its id', async (_, byId) => {
    await expect(ask(byId)).resolves.toBe('gone');
  });

  it.each<[string, Answer]>([
    ['an error in its place', (response) => sendJson(response, 200, { error: 'no' })],
    ['another user', (response) => sendJson(response, 200, { _id: listed })],
    ['a list', (response) => sendJson(response, 200, [])],
    ['500', (response) => sendJson(response, 500, { message: 'no' })],
    ['409', (response) => sendJson(response, 409, { message: 'no' })],
  ])('is not gone after %s', async (_, byId) => {
    await expect(ask(byId)).resolves.toBe('unknown');
  });

  it('is still listed when the filter shows it', async () => {
    await expect(ask(notFound, rowsOf)).resolves.toBe('listed');
  });

  it('has a list of its own when a list for several ids is not answered right', async () => {
    const oneAtATime: FilterAnswer = (ids) =>
      ids.length > 1 ? { results: [{ _id: 'x1' }], totalCount: 900 } : onlyListed(ids);
    await expect(ask(notFound, oneAtATime)).resolves.toBe('gone');
    const lists = server.requests.filter(({ url }) => url.includes('filter'));
    expect(lists).toHaveLength(4);
  });

  it.each<[string, FilterAnswer]>([
    ['the first', (ids) => rowsOf(ids.slice(0, 1))],
    ['the last', (ids) => rowsOf(ids.slice(-1))],
    ['the first two', (ids) => rowsOf(ids.slice(0, 2))],
  ])('is still listed where a list for several ids heeds only %s', async (_, toFilter) => {
    await expect(ask(notFound, toFilter)).resolves.toBe('listed');
  });

  it.each<[string, FilterAnswer]>([
    ['are always empty', () => rowsOf([])],
    ['are refused', () => null],
    ['are ignored', () => ({ results: [{ _id: listed }], totalCount: 2000 })],
    ['state a larger total', (ids) => ({ ...onlyListed(ids), totalCount: 7 })],
    [
      'hold an empty row',
      (ids) => ({ results: [...onlyListed(ids).results, null], totalCount: 2 }),
    ],
    ['name another user', () => rowsOf([listed, 'cccccccccccccccccccccccc'])],
    [
      'are empty for several ids and unsound for one',
      (ids) => (ids.length > 1 ? rowsOf([]) : { results: [], totalCount: 1 }),
    ],
  ])('is unknown when filters %s', async (_, toFilter) => {
    await expect(ask(notFound, toFilter)).resolves.toBe('unknown');
  });
});
