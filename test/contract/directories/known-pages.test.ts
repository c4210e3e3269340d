import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConnectDirectory } from '../../../src/directories/index.ts';
import type { ListedPage } from '../../../src/ports/directory.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { KnownPages } from '../../../src/sync/source/known-pages.ts';
import { MemoryPages } from '../../fakes/memory-pages.ts';

let simulator: Simulator;
let server: Server | null = null;
let pages: MemoryPages;
beforeEach(() => {
  pages = new MemoryPages();
});
afterEach(async () => {
  await simulator?.close();
  server?.close();
  server = null;
});

/** Walks over all users as a run does, learning of each a fingerprint of their id. */
async function walk(url = simulator.url) {
  const connectDirectory = createConnectDirectory(
    { consoleUrl: url, oauthUrl: url, retryBudgetMs: 500 },
    { now: Date.now, random: () => 0.5 },
  );
  const directory = connectDirectory({
    directory: 'jumpcloud',
    region: 'us',
    credential: { type: 'api-key', apiKey: simulator?.apiKey ?? 'key' },
    orgId: null,
    signal: new AbortController().signal,
  });
  const known = new KnownPages({ pages, storeId: 's1', rules: 'rules' });
  const listed: ListedPage[] = [];
  const found = new Map();
  const walked = directory.walkUsers(known);
  for (;;) {
    const next = await walked.next();
    if (next.done) {
      await known.end({ isWhole: true });
      const users = listed.flatMap((page) => page.users);
      return { listed, users, ids: users.map(({ externalId }) => externalId), end: next.value };
    }
    const page: ListedPage = next.value;
    listed.push(page);
    for (const { externalId } of page.users) {
      found.set(externalId, { externalId, fingerprint: `of ${externalId}`, idleAs: null });
    }
    if (page.read !== null) await known.learn(page.read, found);
  }
}

const readAnew = ({ listed }: Awaited<ReturnType<typeof walk>>): readonly number[] =>
  listed.flatMap(({ read }) => read?.skip ?? []);

describe('pages of users that are known by their bytes', () => {
  beforeEach(async () => {
    simulator = await startSimulator({ users: 450 });
  });

  it('are all of an unchanged listing, with the same people, who can still be read', async () => {
    const first = await walk();
    expect(readAnew(first)).toEqual([0, 99, 198, 297, 396]);
    const second = await walk();
    expect(readAnew(second)).toEqual([]);
    expect(second.ids).toEqual(simulator.people.ids);
    expect(second.end).toEqual(first.end);
    const [, one] = second.users;
    expect(one).toMatchObject({
      known: { externalId: one?.externalId, fingerprint: `of ${one?.externalId}`, idleAs: null },
      state: 'ACTIVATED',
      record: simulator.people.all()[1],
    });
  });

  it('are all but that of whoever changed', async () => {
    await walk();
    const id = simulator.people.ids[150] ?? '';
    simulator.people.update(id, { department: 'Elsewhere' });
    const { listed, ids } = await walk();
    expect(readAnew({ listed } as never)).toEqual([99]);
    expect(ids).toEqual(simulator.people.ids);
    const changed = listed.flatMap(({ users }) => users).find((user) => user.externalId === id);
    expect(changed).toMatchObject({ record: { department: 'Elsewhere' } });
  });

  it('are those that a newcomer does not stand on, with the new total', async () => {
    await walk();
    simulator.people.hire();
    const after = await walk();
    expect(readAnew(after)).toEqual([396]);
    expect(after.listed.map(({ total }) => total)).toEqual([451, 451, 451, 451, 451]);
    expect(after.ids).toEqual(simulator.people.ids);
  });

  it('are those before somebody who left', async () => {
    await walk();
    simulator.people.remove(simulator.people.ids[250] ?? '');
    const after = await walk();
    expect(readAnew(after)).toEqual([198, 297, 396]);
    expect(after.ids).toEqual(simulator.people.ids);
  });

  it('are none with a row that can’t be read', async () => {
    simulator.setFaults(['row-without-id=99']);
    await walk();
    const { listed, ids } = await walk();
    expect(listed[0]?.read).toBeNull();
    expect(ids).toHaveLength(449);
    expect(pages.of('s1').map(({ skip }) => skip)).not.toContain(0);
  });
});

describe('the total of a page that is known', () => {
  const rows = '[{"_id":"a","x":{"totalCount":9}}]';

  /** The same answer to all, whatever they ask for. */
  async function serve(bodyOf: () => string): Promise<string> {
    server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(bodyOf());
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it.each<[string, (total: number) => string]>([
    ['last', (total) => `{"results":${rows},"totalCount":${total}}`],
    ['last, with blanks', (total) => `{ "results": ${rows}, "totalCount": ${total} }\n`],
    ['first', (total) => `{"totalCount":${total},"results":${rows}}`],
    ['after a byte order mark', (total) => `\uFEFF{"results":${rows},"totalCount":${total}}`],
  ])('is the one stated now: %s', async (_where, spell) => {
    let total = 1;
    const url = await serve(() => spell(total));
    await walk(url);
    expect(pages.of('s1').length).toBeGreaterThan(0);
    total = 2;
    const { listed, users } = await walk(url);
    expect(listed[0]).toMatchObject({ total: 2, read: null });
    expect(users[0]).toMatchObject({ known: { externalId: 'a' }, record: { _id: 'a' } });
  });

  it.each([
    ['in the middle', `{"a":1,"totalCount":1,"results":${rows}}`],
    ['in both places', `{"totalCount":1,"results":${rows},"totalCount":1}`],
    ['as text', `{"results":${rows},"totalCount":"1"}`],
  ])('is read with the page when it stands %s', async (_where, body) => {
    const url = await serve(() => body);
    await walk(url).catch(() => undefined);
    expect(pages.of('s1')).toEqual([]);
  });
});
