import type { Run, RunMode } from '../../../src/core/model/run.ts';
import type { DirectoryStore } from '../../../src/core/model/store.ts';
import { aConfig } from '../../builders/models.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

const schedule = { enabled: true, frequency: 'daily', time: '02:00', timezone: 'UTC' } as const;

function createStore(name: string): Promise<DirectoryStore> {
  return db.stores.create({
    name,
    directory: 'jumpcloud',
    region: 'us',
    orgId: 'o1',
    sendOrgId: false,
    owner: 'cli:ada',
    config: aConfig({ schedule }),
    credential: { type: 'api-key', apiKey: 'k' },
  });
}

/** A run that ends so, a minute after the one before. */
async function end(storeId: string, status: Run['status'], mode: RunMode = 'full'): Promise<Date> {
  db.clock.advance(60_000);
  const { run } = await db.runs.enqueue({
    storeId,
    mode,
    trigger: 'schedule',
    configRevision: 1,
    requestedBy: 'schedule',
  });
  const finishedAt = db.clock.now();
  await db.runs.update(run, { status, finishedAt });
  return finishedAt;
}

describe('how stores stand', () => {
  it('says how a store without runs is set up', async () => {
    const { id, updatedAt } = await createStore('acme');
    expect(await db.stores.syncSummaries()).toEqual([
      {
        storeId: id,
        status: 'active',
        schedule,
        changedAt: updatedAt,
        lastEnd: null,
        lastSuccessAt: null,
      },
    ]);
  });

  it('tells the last end of each store, and when it last got through', async () => {
    const [well, failed, never] = await Promise.all(['a', 'b', 'c'].map(createStore));
    const wellAt = await end(well?.id ?? '', 'succeeded');
    await end(failed?.id ?? '', 'succeeded');
    const failedAt = await end(failed?.id ?? '', 'held');
    await end(failed?.id ?? '', 'failed');
    await end(never?.id ?? '', 'failed');
    const stands = await db.stores.syncSummaries();
    const about = (store: DirectoryStore | undefined) =>
      stands.find(({ storeId }) => storeId === store?.id);
    expect(about(well)).toMatchObject({ lastEnd: 'succeeded', lastSuccessAt: wellAt });
    expect(about(failed)).toMatchObject({ lastEnd: 'failed', lastSuccessAt: failedAt });
    expect(about(never)).toMatchObject({ lastEnd: 'failed', lastSuccessAt: null });
    expect(await db.stores.syncSummaries(failed?.id)).toEqual([about(failed)]);
  });

  it('counts a held run as through, while a decision on it is carried out too', async () => {
    const { id } = await createStore('acme');
    await end(id, 'succeeded');
    const heldAt = await end(id, 'held');
    const [held] = await db.runs.list({ statuses: ['held'] });
    db.clock.advance(60_000);
    const decision = {
      verdict: 'approve',
      people: null,
      rejected: [],
      by: 'cli:ada',
      at: db.clock.now(),
    } as const;
    expect(await db.runs.openDecision(held?.id ?? '', decision)).toMatchObject({
      finishedAt: null,
    });
    expect(await db.stores.syncSummaries()).toMatchObject([
      { lastEnd: 'held', lastSuccessAt: heldAt },
    ]);
  });

  it('takes no preview, edit, undoing or cancelled run for a sync', async () => {
    const { id } = await createStore('acme');
    const syncedAt = await end(id, 'failed').then(() => end(id, 'succeeded'));
    await end(id, 'failed', 'plan');
    await end(id, 'succeeded', 'single');
    await end(id, 'succeeded', 'undo');
    await end(id, 'cancelled');
    expect(await db.stores.syncSummaries()).toMatchObject([
      { lastEnd: 'succeeded', lastSuccessAt: syncedAt },
    ]);
  });
});
