import { setTimeout as wait } from 'node:timers/promises';
import type { RunDocument } from '../../src/mongo/models/run.model.ts';
import { seededRandom } from '../../src/simulator/directory/random.ts';
import { expectedFields } from '../builders/expected-member.ts';
import { type DatabaseView, viewDatabase } from './database.ts';
import { type Installation, install, type Running } from './processes.ts';

const users = 2500;
const random = seededRandom(20_261);
let site: Installation;
let view: DatabaseView;
let worker: Running;

beforeAll(async () => {
  site = await install({ users, groups: 0, seed: 17 });
  await site.ask(
    ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'],
    site.simulator.apiKey,
  );
  view = await viewDatabase(site);
  worker = await site.serve('worker');
});
afterAll(async () => {
  await site.close();
  await view.close();
});

/** Kills the worker at some moment of a phase of the run, and lets another one resume it. */
async function killDuring(runId: string, isSo: (run: RunDocument) => boolean): Promise<void> {
  await view.until(runId, (run) => isSo(run) || run.finishedAt !== null);
  await wait(random() * 250);
  await worker.stop('SIGKILL');
  await view.forgetDeadWorkers();
  worker = await site.serve('worker');
}

const isListing = ({ status }: RunDocument) => status === 'listing';
const isApplying = ({ status }: RunDocument) => status === 'applying';
const hasEnded = ({ finishedAt }: RunDocument) => finishedAt !== null;

/** Whether users are asked for by id: then the listing is over. */
const isConfirming = () =>
  site.simulator.requests.some(({ path }) => path.startsWith('/api/systemusers/'));

async function statuses(runId: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { status } of await view.records(runId)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** A run agrees with its records, and counts each user of its listing once. */
async function expectCountsToAddUp({ _id, counts }: RunDocument): Promise<void> {
  const { listed, inScope, outOfScope, skipped, problem, applied, held, failed } = counts;
  expect(listed).toBe(inScope + outOfScope + skipped + problem);
  const found = await statuses(_id);
  expect({ applied, held, failed }).toEqual({
    applied: found['applied'] ?? 0,
    held: found['held'] ?? 0,
    failed: found['failed'] ?? 0,
  });
  expect(found['planned'] ?? 0).toBe(0);
}

describe('a worker that is killed again and again', () => {
  it('at any moment of a first sync creates each member once', async () => {
    site.simulator.setLatency(40);
    const { id } = await site.ask<{ id: string }>(['sync', 'acme']);
    for (const phase of [isListing, isListing, isApplying, isApplying, isApplying]) {
      await killDuring(id, phase);
    }
    site.simulator.setLatency(0);
    const run = await view.until(id, hasEnded);
    expect(run).toMatchObject({ status: 'succeeded', error: null });
    await expectCountsToAddUp(run);
    const people = site.simulator.people.all().filter(({ state }) => state !== 'STAGED');
    expect(run.counts).toMatchObject({ listed: users, create: people.length, failed: 0 });
    const members = await view.members();
    expect(members.map(({ externalId, fields }) => ({ externalId, fields }))).toEqual(
      people.map((user) => ({ externalId: user._id, fields: expectedFields(user) })),
    );
    expect(new Set(members.map(({ revision }) => revision))).toEqual(new Set([1]));
  });

  it('while it confirms removals, and while it carries out an approval, removes each departed member once', async () => {
    const active = site.simulator.people.all().filter(({ state }) => state === 'ACTIVATED');
    const left = active.slice(0, 700).map(({ _id }) => _id);
    for (const id of left) site.simulator.people.suspend(id);
    site.simulator.clearRequests();
    site.simulator.setLatency(20);
    const { id } = await site.ask<{ id: string }>(['sync', 'acme']);
    await killDuring(id, isConfirming);
    site.simulator.setLatency(0);
    const held = await view.until(id, hasEnded);
    expect(held).toMatchObject({ status: 'held', counts: { deactivate: 700, held: 700 } });
    await expectCountsToAddUp(held);
    const approval = site.rollcall(['runs', 'approve', id]);
    for (let kills = 0; kills < 2; kills += 1) await killDuring(id, isApplying);
    expect(await approval).toMatchObject({ code: 0 });
    const run = await view.until(id, hasEnded);
    expect(run).toMatchObject({ status: 'succeeded', counts: { applied: 700, held: 0 } });
    await expectCountsToAddUp(run);
    const members = new Map((await view.members()).map((member) => [member.externalId, member]));
    expect(left.map((one) => members.get(one)?.status)).toEqual(left.map(() => 'inactive'));
    expect(new Set(left.map((one) => members.get(one)?.revision))).toEqual(new Set([2]));
    const others = [...members.values()].filter(
      ({ externalId = '' }) => !left.includes(externalId),
    );
    expect(new Set(others.map(({ revision }) => revision))).toEqual(new Set([1]));
  });
});
