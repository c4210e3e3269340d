import { readFile } from 'node:fs/promises';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { testServices } from '../setup/services.ts';
import { type DatabaseView, viewDatabase } from './database.ts';
import { operate, type Rollcall } from './processes.ts';

/*
 * What a build that still kept pages left behind, by its own hand: a store of 15 people, and of its runs one that was
 * taken back, one that is held, and one whose worker was killed between planning and applying. One document a line.
 */
const left = 'test/e2e/left-with-pages.jsonl';
const [undoneId, undoId, heldId, plannedId] = [
  '6b0d3b1c8de0e775a290b62a',
  '6b0d3b2e01519f9d90543f28',
  '6b0d3b48a4a0da6644424545',
  '6b0d3b5bbf741c82da72f8d3',
] as const;
const newest = Date.parse('2026-11-30T09:01:18Z');
const anHourMs = 3_600_000;

/** As that build wrote them, but an hour ago, so that nothing has expired since. */
async function readLeft(): Promise<readonly { collection: string; document: object }[]> {
  const shiftMs = Date.now() - anHourMs - newest;
  const revive = (_key: string, value: unknown) =>
    typeof value === 'object' && value !== null && '$date' in value
      ? new Date(Date.parse(String(value.$date)) + shiftMs)
      : value;
  const lines = (await readFile(left, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line, revive));
}

let simulator: Simulator;
let site: Rollcall;
let view: DatabaseView;
let gone: readonly string[];
let changed: readonly string[];

beforeAll(async () => {
  const { mongodbUri, redisUrl } = testServices();
  // The directory as it was when that build stopped.
  simulator = await startSimulator({ users: 16, groups: 0, seed: 51 });
  const ids = simulator.people
    .all()
    .filter(({ state }) => state === 'ACTIVATED')
    .map(({ _id }) => _id);
  gone = ids.slice(2, 10);
  changed = ids.slice(11, 13);
  for (const id of ids.slice(0, 2)) simulator.people.update(id, { jobTitle: 'Right' });
  for (const id of gone) simulator.people.remove(id);
  for (const id of changed) simulator.people.update(id, { jobTitle: 'Planned' });
  site = operate({
    MONGODB_URI: mongodbUri,
    REDIS_URL: redisUrl,
    JUMPCLOUD_CONSOLE_URL: simulator.url,
    JUMPCLOUD_OAUTH_URL: simulator.url,
    SECRETS_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  });
  view = await viewDatabase(site);
  for (const { collection, document } of await readLeft()) {
    await view.raw.collection(collection).insertOne(document);
  }
  await site.serve('worker');
});
afterAll(async () => {
  await site.close();
  await view.close();
  await simulator.close();
});

/** The members without fingerprints: a release that reads users otherwise computes them anew. */
async function membersAsSeen() {
  return (await view.members()).map(({ fingerprint: _fingerprint, ...member }) => member);
}

async function memberOf(id: string) {
  return (await view.members()).find(({ externalId }) => externalId === id);
}

describe('an upgrade of an installation with runs that wait', () => {
  it('drops the pages, and nothing else', async () => {
    const names = (await view.raw.listCollections().toArray()).map(({ name }) => name);
    expect(names).not.toContain('pages');
    expect(names).toEqual(expect.arrayContaining(['members', 'records', 'runs', 'stores']));
    expect(await view.members()).toHaveLength(15);
  });

  it('applies what was planned before it', async () => {
    const run = await view.until(plannedId, ({ finishedAt }) => finishedAt !== null);
    expect(run).toMatchObject({ status: 'succeeded', counts: { applied: 2, failed: 0, held: 0 } });
    for (const id of changed) {
      expect(await memberOf(id)).toMatchObject({
        fields: { jobTitle: 'Planned' },
        revision: 2,
        lastRecord: `${plannedId}.${id}`,
      });
    }
  });

  it('shows what was taken back as undone', async () => {
    const shown = await site.ask(['runs', 'show', undoneId, '--records']);
    expect(shown).toMatchObject({
      status: 'succeeded',
      records: [{ status: 'undone' }, { status: 'undone' }],
    });
    expect(await site.ask(['runs', 'show', undoId])).toMatchObject({
      mode: 'undo',
      undoOf: undoneId,
      counts: { applied: 2 },
    });
  });

  it('lets a person approve what was held before it', async () => {
    for (const id of gone) expect(await memberOf(id)).toMatchObject({ status: 'active' });
    const run = await site.ask(['runs', 'approve', heldId]);
    expect(run).toMatchObject({
      status: 'succeeded',
      decided: { verdict: 'approve', done: 8, noLongerTrue: 0, failed: 0, error: null },
    });
    for (const id of gone) expect(await memberOf(id)).toMatchObject({ status: 'inactive' });
  });

  it('then has nothing more to do', async () => {
    const before = await membersAsSeen();
    const run = await site.ask(['sync', 'acme', '--wait']);
    expect(run).toMatchObject({
      status: 'succeeded',
      counts: { listed: 8, unchanged: 7, held: 0 },
    });
    expect(await membersAsSeen()).toEqual(before);
  });
});
