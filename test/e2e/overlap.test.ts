import { Queue } from 'bullmq';
import type { RunDocument } from '../../src/mongo/models/run.model.ts';
import { applyFile } from './apply-file.ts';
import { type DatabaseView, viewDatabase } from './database.ts';
import { eventually, type Installation, install } from './processes.ts';

let site: Installation;
let view: DatabaseView;

beforeEach(async () => {
  site = await install({ users: 400, groups: 0, seed: 41 });
  view = await viewDatabase(site);
  await site.ask(
    ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'],
    site.simulator.apiKey,
  );
  await Promise.all([site.serve('worker'), site.serve('worker')]);
});
afterEach(async () => {
  await site.close();
  await view.close();
});

/** Adds ticks as a schedule does when it is due, one for each store. */
async function tick(times: number): Promise<void> {
  const { REDIS_URL: url = '', REDIS_PREFIX: prefix } = site.env;
  const ticks = new Queue('ticks', { connection: { url }, prefix: `{${prefix}}` });
  const store = await view.raw.collection('stores').findOne({ name: 'acme' });
  for (let time = 0; time < times; time += 1) {
    await ticks.add('tick-store', { storeId: String(store?._id) });
  }
  await eventually(async () => {
    const left = await ticks.getJobCountByTypes('waiting', 'active');
    return left === 0 ? true : null;
  });
  await ticks.close();
}

const untilAllEnded = () =>
  eventually(async () => ((await view.runs({ finishedAt: null })).length === 0 ? true : null));

/** Watches which runs a worker has claimed and not ended, until it is stopped. */
function watchWork(): { readonly end: () => Promise<number> } {
  let most = 0;
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      const underWay = await view.runs({ status: { $in: ['listing', 'applying'] } });
      const inHands = underWay.filter(({ decision, holder }) => !decision || holder !== undefined);
      most = Math.max(most, inHands.length);
    }
  })();
  return {
    async end() {
      isOver = true;
      await looking;
      return most;
    },
  };
}

describe('runs of one store that are requested at once', () => {
  it('run one after the other, and none is dropped', async () => {
    await applyFile(
      site,
      'acme',
      'schedule: { enabled: true, frequency: monthly, dates: [1], time: "03:00", timezone: UTC }',
    );
    const first = await site.ask<{ id: string }>(['sync', 'acme', '--wait']);
    const active = site.simulator.people.all().filter(({ state }) => state === 'ACTIVATED');
    for (const { _id } of active.slice(0, 100)) site.simulator.people.suspend(_id);
    const held = await site.rollcall(['sync', 'acme', '--wait', '--json']);
    expect(held.code).toBe(3);
    const { id: heldId } = JSON.parse(held.stdout) as { id: string };
    site.simulator.people.hireMany(10);
    site.simulator.setLatency(20);
    const work = watchWork();
    await Promise.all([
      site.ask(['sync', 'acme']),
      site.ask(['sync', 'acme']),
      site.ask(['sync', 'acme', '--plan']),
      site.rollcall(['runs', 'approve', heldId]),
      site.rollcall(['runs', 'undo', first.id, '--plan']),
      tick(3),
    ]);
    await untilAllEnded();
    expect(await work.end()).toBe(1);
    const runs = await view.runs();
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['succeeded', 'planned']));
    expect(runs.find(({ _id }) => _id === heldId)).toMatchObject({
      decided: { verdict: 'approve', done: 100, failed: 0 },
    });
    const modes = runs.map(({ mode, undoOf }) => (undoOf === undefined ? mode : `${mode} of undo`));
    expect(modes).toEqual(expect.arrayContaining(['full', 'plan', 'plan of undo']));
    expectTurns(runs);
    expect(await site.ask(['sync', 'acme', '--wait'])).toMatchObject({ counts: { applied: 0 } });
  });

  it('do not pile up behind a slow one, however often the schedule is due', async () => {
    await applyFile(
      site,
      'acme',
      'schedule: { enabled: true, frequency: monthly, dates: [1], time: "03:00", timezone: UTC }',
    );
    site.simulator.setLatency(1500);
    const { id } = await site.ask<{ id: string }>(['sync', 'acme']);
    await view.until(id, ({ status }) => status === 'listing');
    await tick(8);
    expect(await view.runs({ trigger: 'schedule' })).toMatchObject([{ status: 'queued' }]);
    site.simulator.setLatency(0);
    await untilAllEnded();
    const byStart = (one: RunDocument, other: RunDocument) =>
      (one.startedAt?.getTime() ?? 0) - (other.startedAt?.getTime() ?? 0);
    expect((await view.runs()).toSorted(byStart)).toMatchObject([
      { _id: id, status: 'succeeded' },
      { trigger: 'schedule', status: 'succeeded', counts: { applied: 0 } },
    ]);
  });
});

/** Each run without a later decision began after the run before it had ended. */
function expectTurns(runs: readonly RunDocument[]): void {
  const turns = runs
    .filter(({ decided }) => decided === undefined)
    .map(({ startedAt, finishedAt }) => [startedAt?.getTime() ?? 0, finishedAt?.getTime() ?? 0])
    .sort(([one = 0], [other = 0]) => one - other);
  const inOrder = turns.flat().sort((one, other) => one - other);
  expect(turns.flat()).toEqual(inOrder);
}
