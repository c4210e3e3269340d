import type { NewRun } from '../../../src/core/model/run.ts';
import { noCounts, type Run } from '../../../src/core/model/run.ts';
import { defaultStoreConfig } from '../../../src/core/store-file/default-config.ts';
import { openTestDatabase, startedAt, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

const full: NewRun = {
  storeId: 's1',
  mode: 'full',
  trigger: 'manual',
  configRevision: 3,
  requestedBy: 'cli:ada',
};

async function queue(parts: Partial<NewRun> = {}): Promise<Run> {
  return (await db.runs.enqueue({ ...full, ...parts })).run;
}

async function queueAndEnd(status: Run['status'] = 'succeeded'): Promise<Run> {
  const run = await queue();
  const ended = await db.runs.update(run, { status, finishedAt: db.clock.now() });
  if (ended === null) throw new Error('the run had ended');
  return ended;
}

describe('queueing a run', () => {
  it('inserts it', async () => {
    const { run, created } = await db.runs.enqueue(full);
    expect(created).toBe(true);
    expect(run).toEqual({
      ...full,
      id: run.id,
      status: 'queued',
      certificate: null,
      counts: noCounts,
      warnings: [],
      error: null,
      undoOf: null,
      proposed: null,
      decision: null,
      decided: null,
      holder: null,
      cancelRequested: false,
      resumes: 0,
      createdAt: startedAt,
      startedAt: null,
      finishedAt: null,
      resolvedAt: null,
    });
    await expect(db.runs.get(run.id)).resolves.toEqual(run);
    await expect(db.runs.get('none')).resolves.toBeNull();
  });

  it('answers the one that is queued, when many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => db.runs.enqueue(full)));
    expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    await expect(db.raw('runs').countDocuments()).resolves.toBe(1);
  });

  it('keeps modes and stores apart', async () => {
    await queue();
    await expect(db.runs.enqueue({ ...full, mode: 'plan' })).resolves.toMatchObject({
      created: true,
    });
    await expect(db.runs.enqueue({ ...full, storeId: 's2' })).resolves.toMatchObject({
      created: true,
    });
  });

  it('keeps apart what runs take back and what they propose, and finds the same one again', async () => {
    const config = { ...defaultStoreConfig('jumpcloud'), criteria: { users: 'all' as const } };
    const custom = { ...config.mapping, 'custom.size': { custom: 'shirtSize' } };
    const asked: readonly Partial<NewRun>[] = [
      {},
      { undoOf: 'run1' },
      { undoOf: 'run2' },
      { proposed: config },
      { proposed: { ...config, mapping: custom } },
    ];
    for (const parts of asked) {
      const { run, created } = await db.runs.enqueue({ ...full, mode: 'plan', ...parts });
      expect(created).toBe(true);
      expect(await db.runs.enqueue({ ...full, mode: 'plan', ...parts })).toEqual({
        run,
        created: false,
      });
      expect(run).toMatchObject({ undoOf: null, proposed: null, ...parts });
    }
  });

  it('takes no run of a store for one of none', async () => {
    await queue({ mode: 'single' });
    const { run } = await db.runs.enqueue({ ...full, storeId: null, mode: 'single' });
    const again = await db.runs.enqueue({ ...full, storeId: null, mode: 'single' });
    expect(again).toEqual({ run, created: false });
  });

  it('inserts another once the first is under way', async () => {
    const first = await queue();
    await db.runs.update(first, { status: 'listing' });
    const { run, created } = await db.runs.enqueue(full);
    expect(created).toBe(true);
    expect(run.id > first.id).toBe(true);
  });
});

describe('a run carried out at once', () => {
  it('is under way from the start, and belongs to no store perhaps', async () => {
    const edit: NewRun = { ...full, storeId: null, mode: 'single' };
    const [first, second] = await Promise.all([
      db.runs.insertUnderWay(edit),
      db.runs.insertUnderWay(edit),
    ]);
    expect(first).toMatchObject({ storeId: null, status: 'applying', startedAt, finishedAt: null });
    expect(first.id).not.toBe(second.id);
    await expect(db.runs.get(first.id)).resolves.toEqual(first);
  });
});

describe('changing a run', () => {
  it('keeps what the patch does not name', async () => {
    const run = await queue();
    const certificate = {
      complete: true,
      totalBefore: 2,
      totalAfter: 2,
      distinct: 2,
      problems: 0,
      pages: 1,
      requests: 2,
      walks: 1,
    };
    const patch = {
      status: 'applying',
      certificate,
      counts: { ...noCounts, listed: 2 },
      warnings: ['slow'],
      error: { code: 'x', message: 'y' },
      startedAt,
      resumes: 1,
      configRevision: 4,
    } as const;
    await expect(db.runs.update(run, patch)).resolves.toEqual({ ...run, ...patch });
    await db.runs.update(run, { certificate: null, error: null });
    await expect(db.runs.get(run.id)).resolves.toEqual({
      ...run,
      ...patch,
      certificate: null,
      error: null,
    });
  });

  it.each(['succeeded', 'failed', 'cancelled', 'held', 'planned'] as const)(
    'is refused once it has ended as %s',
    async (status) => {
      const ended = await queueAndEnd(status);
      await expect(db.runs.update(ended, { status: 'applying' })).resolves.toBeNull();
      await expect(db.runs.requestCancel(ended.id)).resolves.toBeNull();
      await expect(db.runs.get(ended.id)).resolves.toEqual(ended);
    },
  );

  it('is refused to everybody but the holder who took it up last', async () => {
    const queued = await queue();
    const first = await db.runs.update(queued, { status: 'listing', holder: 'first' });
    expect(first).toMatchObject({ status: 'listing', holder: 'first' });
    await expect(db.runs.update(queued, { holder: 'late' })).resolves.toBeNull();
    const second = await db.runs.update({ id: queued.id, holder: 'first' }, { holder: 'second' });
    await expect(
      db.runs.update({ id: queued.id, holder: 'first' }, { status: 'applying' }),
    ).resolves.toBeNull();
    await expect(db.runs.get(queued.id)).resolves.toEqual(second);
  });

  it('goes on while a planned run is under way', async () => {
    const run = await queue();
    await db.runs.update(run, { status: 'planned' });
    await expect(db.runs.update(run, { status: 'applying' })).resolves.toMatchObject({
      status: 'applying',
    });
  });

  it('answers null for a run that is not there', async () => {
    await expect(db.runs.update({ id: 'none', holder: null }, { resumes: 1 })).resolves.toBeNull();
    await expect(db.runs.requestCancel('none')).resolves.toBeNull();
  });
});

describe('cancelling a run', () => {
  it('ends a queued one at once', async () => {
    const run = await queue();
    db.clock.advance(1000);
    await expect(db.runs.requestCancel(run.id)).resolves.toEqual({
      ...run,
      status: 'cancelled',
      cancelRequested: true,
      finishedAt: db.clock.now(),
    });
    await expect(db.runs.enqueue(full)).resolves.toMatchObject({ created: true });
  });

  it('asks one under way to stop', async () => {
    const run = await queue();
    await db.runs.update(run, { status: 'listing', startedAt });
    await expect(db.runs.requestCancel(run.id)).resolves.toEqual({
      ...run,
      status: 'listing',
      startedAt,
      cancelRequested: true,
    });
  });

  it('is seen by the worker, or comes before it', async () => {
    const run = await queue();
    const [taken, asked] = await Promise.all([
      db.runs.update(run, { status: 'listing' }),
      db.runs.requestCancel(run.id),
    ]);
    const after = await db.runs.get(run.id);
    expect(asked).not.toBeNull();
    expect(after?.cancelRequested).toBe(true);
    expect(after?.status).toBe(taken === null ? 'cancelled' : 'listing');
  });
});

describe('listing and counting runs', () => {
  it('lists the newest first, by store and status', async () => {
    const first = await queueAndEnd();
    const second = await queueAndEnd('failed');
    const third = await queue();
    const other = await queue({ storeId: 's2' });
    const list = async (filter: Parameters<typeof db.runs.list>[0]) =>
      (await db.runs.list(filter)).map(({ id }) => id);
    await expect(list({})).resolves.toEqual([other, third, second, first].map(({ id }) => id));
    await expect(list({ storeId: 's1' })).resolves.toEqual([third.id, second.id, first.id]);
    await expect(list({ storeId: 's1', limit: 1 })).resolves.toEqual([third.id]);
    await expect(list({ statuses: ['failed', 'succeeded'] })).resolves.toEqual([
      second.id,
      first.id,
    ]);
    await expect(list({ before: third.id })).resolves.toEqual([second.id, first.id]);
    await expect(list({ before: third.id, limit: 1 })).resolves.toEqual([second.id]);
    await expect(list({ modes: ['plan', 'undo'] })).resolves.toEqual([]);
    await expect(list({ storeId: 's2', modes: ['full'] })).resolves.toEqual([other.id]);
    await expect(db.runs.countByStatus()).resolves.toEqual({ queued: 2, failed: 1, succeeded: 1 });
  });
});

describe('pruning runs', () => {
  const record = (run: Run, status: string) => ({ runId: run.id, seq: 1, status });
  const dayMs = 86_400_000;
  const before = new Date(startedAt.getTime() + dayMs);

  it('finds ended runs that are old, oldest first', async () => {
    const first = await queueAndEnd();
    const second = await queueAndEnd('failed');
    const preview = await queueAndEnd('planned');
    await queueAndEnd('held');
    const underWay = await queue();
    await db.runs.update(underWay, { status: 'planned' });
    db.clock.advance(dayMs);
    await queueAndEnd();
    await expect(db.runs.prunable(before, 9)).resolves.toEqual([first.id, second.id, preview.id]);
    await expect(db.runs.prunable(before, 2)).resolves.toEqual([first.id, second.id]);
    await expect(db.runs.prunable(startedAt, 9)).resolves.toEqual([]);
  });

  it('never finds one with a held record, however many of them are older', async () => {
    const waiting = [await queueAndEnd('failed'), await queueAndEnd('failed')];
    const free = await queueAndEnd();
    await db
      .raw('records')
      .insertMany([...waiting.map((run) => record(run, 'held')), record(free, 'applied')]);
    await expect(db.runs.prunable(before, 1)).resolves.toEqual([free.id]);
  });

  it('removes runs with their records', async () => {
    const [gone, kept] = [await queueAndEnd(), await queueAndEnd()];
    await db.raw('records').insertMany([record(gone, 'applied'), record(kept, 'applied')]);
    await db.runs.removeMany([gone.id]);
    await expect(db.runs.get(gone.id)).resolves.toBeNull();
    const left = await db.raw('records').find().toArray();
    expect(left.map((one) => one['runId'])).toEqual([kept.id]);
  });
});

describe('a decision on a run', () => {
  const decision = {
    verdict: 'approve',
    people: ['$u1'],
    rejected: [],
    by: '$root',
    at: startedAt,
  } as const;

  it('opens an ended run once, with how it stood, in nobody’s hands, and closes with its end', async () => {
    const run = await queue();
    await db.runs.update(run, { status: 'held', holder: 'first', finishedAt: startedAt });
    const held = { ...run, holder: null };
    const answers = await Promise.all([
      db.runs.openDecision(held.id, decision),
      db.runs.openDecision(held.id, { ...decision, by: 'somebody else' }),
    ]);
    const [opened, ...others] = answers.filter((answer) => answer !== null);
    expect(others).toEqual([]);
    expect(opened).toMatchObject({
      status: 'applying',
      finishedAt: null,
      resumes: 0,
      holder: null,
      decision: {
        verdict: 'approve',
        people: ['$u1'],
        at: startedAt,
        from: 'held',
        finishedAt: startedAt,
      },
    });
    expect(await db.runs.amend(held.id, { status: 'succeeded' })).toBeNull();
    const ended = { status: 'succeeded', decision: null, finishedAt: startedAt } as const;
    expect(await db.runs.update(held, ended)).toMatchObject({ decision: null });
    expect(await db.runs.get(held.id)).toMatchObject({ status: 'succeeded', decision: null });
  });

  it('is not taken by a run under way', async () => {
    const run = await queue();
    await expect(db.runs.openDecision(run.id, decision)).resolves.toBeNull();
  });
});

describe('an ended run', () => {
  it('is amended, and listed by when it ended', async () => {
    const run = await queueAndEnd('held');
    db.clock.advance(60_000);
    const resolved = { status: 'succeeded', resolvedAt: db.clock.now() } as const;
    await expect(db.runs.amend(run.id, resolved)).resolves.toMatchObject(resolved);
    const ids = async (endedSince: Date) =>
      (await db.runs.list({ storeId: 's1', endedSince })).map(({ id }) => id);
    await expect(ids(startedAt)).resolves.toEqual([run.id]);
    await expect(ids(db.clock.now())).resolves.toEqual([]);
  });

  it('is not pruned while something of it is held, or stands rejected', async () => {
    const [held, rejected, done] = [await queueAndEnd(), await queueAndEnd(), await queueAndEnd()];
    const record = (runId: string, parts: object) =>
      db.raw('records').insertOne({ runId, seq: 1, ...parts });
    await record(held.id, { status: 'held' });
    await record(rejected.id, { status: 'rejected', standsIn: 's1' });
    await record(done.id, { status: 'rejected' });
    const later = new Date(startedAt.getTime() + 1);
    await expect(db.runs.prunable(later, 10)).resolves.toEqual([done.id]);
  });
});
