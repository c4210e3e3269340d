import { hostname } from 'node:os';
import { openPrivateServices, type PrivateServices } from '@rollcall/dev-services';
import { Redis } from 'ioredis';
import type { RunDocument } from '../../src/mongo/models/run.model.ts';
import { expectedFields } from '../builders/expected-member.ts';
import { applyFile } from './apply-file.ts';
import { type DatabaseView, viewDatabase } from './database.ts';
import { eventually, type Installation, install, type Running } from './processes.ts';

/** These services are killed and emptied: no other test may use them. */
let services: PrivateServices;
let site: Installation;
let view: DatabaseView;
let worker: Running;

beforeAll(async () => {
  services = await openPrivateServices(`away-${process.pid}`);
  site = await install({ users: 800, groups: 0, seed: 31 }, services);
  view = await viewDatabase(site);
  await site.ask(
    ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'],
    site.simulator.apiKey,
  );
  worker = await site.serve('worker');
});
afterAll(async () => {
  await site.close();
  await view.close();
  await services.close();
});

const hasEnded = ({ finishedAt }: RunDocument) => finishedAt !== null;

async function emptyRedis(): Promise<void> {
  const redis = new Redis(services.redisUrl);
  await redis.flushall();
  redis.disconnect();
}

/** Begins a sync that takes a while, and waits until it lists. */
async function slowSync(): Promise<string> {
  site.simulator.setLatency(150);
  site.simulator.clearRequests();
  const { id } = await site.ask<{ id: string }>(['sync', 'acme']);
  await eventually(() => (site.simulator.requests.length > 4 ? true : null));
  return id;
}

async function expectTrueToSource(): Promise<void> {
  const people = site.simulator.people.all().filter(({ state }) => state !== 'STAGED');
  expect((await view.members()).map(({ externalId, fields }) => ({ externalId, fields }))).toEqual(
    people.map((user) => ({ externalId: user._id, fields: expectedFields(user) })),
  );
}

describe('Redis', () => {
  it('may be emptied in the middle of a run, with a run queued and a schedule set', async () => {
    await applyFile(
      site,
      'acme',
      'schedule: { enabled: true, frequency: monthly, dates: [1], time: "03:00", timezone: UTC }',
    );
    const id = await slowSync();
    const queued = await site.ask<{ id: string }>(['sync', 'acme']);
    expect(queued.id).not.toBe(id);
    await emptyRedis();
    site.simulator.setLatency(0);
    expect(await view.until(id, hasEnded)).toMatchObject({ status: 'succeeded', resumes: 0 });
    expect(await view.until(queued.id, hasEnded)).toMatchObject({
      status: 'succeeded',
      counts: { applied: 0 },
    });
    await expectTrueToSource();
    // Doctor reports a schedule that isn't set.
    await eventually(async () => ((await site.rollcall(['doctor'])).code === 0 ? true : null));
  });

  it('may be killed in the middle of a run', async () => {
    site.simulator.people.hireMany(20);
    const id = await slowSync();
    await services.kill('redis');
    site.simulator.setLatency(0);
    expect(await view.until(id, hasEnded)).toMatchObject({
      status: 'succeeded',
      counts: { create: 20 },
    });
    await services.revive();
    expect(await site.ask(['sync', 'acme', '--wait'])).toMatchObject({ counts: { applied: 0 } });
    await expectTrueToSource();
  });
});

/** With the database away, a scrape has what Redis and the process know. */
async function expectMetrics(address: string | undefined): Promise<void> {
  const begun = performance.now();
  const text = await (await fetch(`${address}/metrics`)).text();
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(text).toContain('\nrollcall_workers 1\n');
  expect(text).toContain('rollcall_build_info{');
  expect(text).not.toContain('rollcall_attention{');
}

describe('the database', () => {
  it('may be killed in the middle of a run, which is resumed when it is back', async () => {
    const api = await site.serve('api');
    const address = /"address":"(?<url>[^"]+)"/.exec(api.said())?.groups?.['url'];
    site.simulator.people.hireMany(20);
    const id = await slowSync();
    await services.kill('database');
    await expectMetrics(address);
    site.simulator.setLatency(0);
    await services.revive();
    expect(await view.until(id, hasEnded)).toMatchObject({
      status: 'succeeded',
      counts: { create: 20, applied: 20 },
    });
    await expectTrueToSource();
    await worker.hasSaid(new RegExp(`"runId":"${id}".*"A run ended[.]"`));
    const lines = worker
      .said()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const line of lines) expect(line).toMatchObject({ host: hostname(), version: '0.1.0' });
    const messages = lines.filter(({ runId }) => runId === id).map(({ msg }) => msg);
    expect(messages[0]).toBe('A run started.');
    expect(messages).toContain('A phase of a run ended.');
  });
});
