import { markDelivered, markFailed } from '../../../src/core/alerts/attempts.ts';
import type { NewAlert } from '../../../src/core/model/alert.ts';
import { openTestDatabase, startedAt, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

const failed = (runId: string): NewAlert => ({
  id: `run-failed_${runId}`,
  kind: 'run-failed',
  storeId: 'store1',
  runId,
});
const stale: NewAlert = { id: 'stale_store1_1', kind: 'stale', storeId: 'store1', runId: null };
const due = () => db.alerts.due(db.clock.now(), 10);

describe('raising an alert', () => {
  it('makes it due at once', async () => {
    await db.alerts.raise([failed('r1'), stale]);
    expect(await due()).toEqual(
      expect.arrayContaining([
        {
          ...failed('r1'),
          createdAt: startedAt,
          attempts: 0,
          triedAt: null,
          nextAttemptAt: startedAt,
          deliveredAt: null,
          lastError: null,
        },
      ]),
    );
    expect(await db.raw('alerts').findOne({ kind: 'stale' })).not.toHaveProperty('runId');
    await db.alerts.raise([]);
  });

  it('makes one of two, whoever raises it and whatever became of it', async () => {
    await Promise.all([db.alerts.raise([failed('r1')]), db.alerts.raise([failed('r1')])]);
    const [alert] = await due();
    if (alert === undefined) throw new Error('nothing is due');
    const delivered = markDelivered(alert, db.clock.now());
    await db.alerts.save(delivered);
    await db.alerts.raise([failed('r1'), failed('r2')]);
    expect((await due()).map(({ id }) => id)).toEqual(['run-failed_r2']);
    expect(await db.raw('alerts').countDocuments()).toBe(2);
  });
});

describe('alerts that are due', () => {
  it('come in the order in which they became so, at most as many as asked for', async () => {
    for (const runId of ['r1', 'r2', 'r3']) {
      await db.alerts.raise([failed(runId)]);
      db.clock.advance(1000);
    }
    const [first] = await db.alerts.due(db.clock.now(), 1);
    expect(first?.id).toBe('run-failed_r1');
    if (first === undefined) return;
    const now = db.clock.now();
    await db.alerts.save(markFailed(first, { error: 'answered 500', now, random: 0 }));
    expect((await due()).map(({ id }) => id)).toEqual(['run-failed_r2', 'run-failed_r3']);
    db.clock.advance(5000);
    expect(await due()).toHaveLength(3);
  });

  it('are gone when they are dropped, and not saved again', async () => {
    await db.alerts.raise([failed('r1')]);
    const [alert] = await due();
    await db.alerts.drop('run-failed_r1');
    if (alert !== undefined) await db.alerts.save(alert);
    expect(await db.raw('alerts').countDocuments()).toBe(0);
  });
});

describe('how alerts stand', () => {
  /** Raises an alert that has been tried so often already, and tries it once more. */
  async function tried(runId: string, attempts: number, outcome: 'delivered' | 'failed') {
    db.clock.advance(1000);
    await db.alerts.raise([failed(runId)]);
    const now = db.clock.now();
    const alert = (await due()).find((one) => one.runId === runId);
    if (alert === undefined) throw new Error(`no alert about ${runId}`);
    const before = { ...alert, attempts };
    await db.alerts.save(
      outcome === 'delivered'
        ? markDelivered(before, now)
        : markFailed(before, { error: `answered ${attempts}`, now, random: 0 }),
    );
  }

  it('counts what waits, fails and was given up since the last delivery', async () => {
    expect(await db.alerts.summary()).toEqual({
      waiting: 0,
      failing: 0,
      givenUp: 0,
      lastError: null,
    });
    await tried('r1', 8, 'failed');
    await tried('r2', 8, 'failed');
    await tried('r3', 1, 'failed');
    await db.alerts.raise([stale]);
    expect(await db.alerts.summary()).toEqual({
      waiting: 1,
      failing: 1,
      givenUp: 2,
      lastError: 'answered 1',
    });
    await tried('r4', 0, 'delivered');
    await tried('r5', 8, 'failed');
    expect(await db.alerts.summary()).toMatchObject({ givenUp: 1, lastError: 'answered 8' });
  });
});

describe('old alerts', () => {
  it('are removed by the database after 30 days', async () => {
    const indexes = await db.raw('alerts').listIndexes().toArray();
    expect(indexes).toContainEqual(
      expect.objectContaining({ key: { createdAt: 1 }, expireAfterSeconds: 30 * 24 * 3600 }),
    );
  });
});
