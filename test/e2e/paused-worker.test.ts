import type { RunDocument } from '../../src/mongo/models/run.model.ts';
import { type DatabaseView, viewDatabase } from './database.ts';
import { type Installation, install } from './processes.ts';

const users = 1200;
const hasEnded = ({ finishedAt }: RunDocument) => finishedAt !== null;

interface Site extends Installation {
  readonly view: DatabaseView;
}
const sites: Site[] = [];
afterAll(async () => {
  for (const site of sites) {
    await site.close();
    await site.view.close();
  }
});

async function aSite(seed: number): Promise<Site> {
  const installation = await install({ users, groups: 0, seed });
  const site = { ...installation, view: await viewDatabase(installation) };
  sites.push(site);
  await site.ask(
    ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'],
    site.simulator.apiKey,
  );
  return site;
}

/** A run that is to be caught midway, under way at the started worker. */
type UnderWay = (site: Site) => Promise<{ readonly id: string }>;

const listing: UnderWay = async (site) => {
  site.simulator.setLatency(150);
  const { id } = await site.ask<{ id: string }>(['sync', 'acme']);
  await site.view.until(id, ({ status }) => status === 'listing');
  return { id };
};

const applying: UnderWay = async (site) => {
  await site.ask(['sync', 'acme', '--wait']);
  for (const { _id } of site.simulator.people.all()) {
    site.simulator.people.update(_id, { jobTitle: 'Another' });
  }
  const { id } = await site.ask<{ id: string }>(['sync', 'acme']);
  await site.view.until(id, ({ status }) => status === 'applying');
  return { id };
};

const approving: UnderWay = async (site) => {
  await site.ask(['sync', 'acme', '--wait']);
  const active = site.simulator.people.all().filter(({ state }) => state === 'ACTIVATED');
  for (const { _id } of active.slice(0, 500)) site.simulator.people.suspend(_id);
  const { code, stdout, stderr } = await site.rollcall(['sync', 'acme', '--wait', '--json']);
  if (code !== 3) throw new Error(`sync exited ${code}: ${stderr}`);
  const { id } = JSON.parse(stdout) as { id: string };
  site.simulator.setLatency(100);
  site.simulator.clearRequests();
  const approval = site.rollcall(['runs', 'approve', id]);
  approvals.push(approval);
  // The sync had a holder too: the approval has one once a worker has claimed it.
  await site.view.until(id, ({ decision, holder }) => Boolean(decision) && holder !== undefined);
  return { id };
};
const approvals: Promise<{ readonly code: number }>[] = [];

/**
 * Pauses the worker past its lease and its job's lock, until another one has ended the run; then
 * resumes it.
 */
async function outlive(site: Site, begin: UnderWay): Promise<void> {
  const paused = await site.serve('worker');
  const { id } = await begin(site);
  paused.pause();
  site.simulator.setLatency(0);
  const { holder: first } = await site.view.run(id);
  const other = await site.serve('worker');
  const run = await site.view.until(id, hasEnded);
  expect(run).toMatchObject({ status: 'succeeded', counts: { listed: users, failed: 0 } });
  expect(run.holder).not.toBe(first);
  expect(await other.stop()).toBe(0);
  const before = await site.view.everything();
  paused.wake();
  // No other worker carries it out, and by then every late write has ended.
  const { id: next } = await site.ask<{ id: string }>(['sync', 'acme', '--wait']);
  expect(await site.view.run(next)).toMatchObject({ status: 'succeeded', counts: { applied: 0 } });
  await site.view.raw.collection<RunDocument>('runs').deleteOne({ _id: next });
  expect(await site.view.everything()).toBe(before);
  expect(await paused.stop()).toBe(0);
}

describe('a worker that is paused past its lease in the middle of a run', () => {
  it('changes nothing when it wakes up, and keeps running', async () => {
    await Promise.all([
      outlive(await aSite(21), listing),
      outlive(await aSite(22), applying),
      outlive(await aSite(23), approving),
    ]);
    expect(await Promise.all(approvals)).toMatchObject([{ code: 0 }]);
  });
});
