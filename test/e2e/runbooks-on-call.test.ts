import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { dataShape } from '../../src/core/model/data-shape.ts';
import { redisRules } from '../fakes/deploy-files.ts';
import { testServices, uniqueName } from '../setup/services.ts';
import { lookAt } from './database.ts';
import { openRunbook } from './follow-runbook.ts';
import { eventually, type Installation, install, type Running } from './processes.ts';

const name = 'acme';
let site: Installation;
let worker: Running;

const follow = (runbook: string) => openRunbook(runbook, site.env);

/** Does something with other settings, which are put back afterwards. */
async function withSettings(
  settings: Readonly<Record<string, string | undefined>>,
  work: () => Promise<unknown>,
): Promise<void> {
  const before = Object.fromEntries(Object.keys(settings).map((key) => [key, site.env[key]]));
  const set = (values: Readonly<Record<string, string | undefined>>): void => {
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined) delete site.env[key];
      else site.env[key] = value;
    }
  };
  set(settings);
  try {
    await work();
  } finally {
    set(before);
  }
}

// Every command is a process of its own.
jest.setTimeout(300_000);

describe('a runbook of the person on call, followed literally', () => {
  beforeAll(async () => {
    site = await install({ users: 10, groups: 0, seed: 41 });
    await site.ask(['token', 'create', '--role', 'owner', '--name', 'ada']);
    worker = await site.serve('worker');
    const add = ['store', 'add', name, '--directory', 'jumpcloud', '--api-key-stdin'];
    await site.ask(add, site.simulator.apiKey);
    await site.ask(['sync', name, '--wait']);
  });
  afterAll(() => site.close());

  it('does-not-start: names the settings, and starts', async () => {
    const book = await follow('does-not-start');
    await withSettings({ REDIS_URL: undefined, HTTP_PORT: 'many' }, async () => {
      const said = await book.next({}, 78);
      expect(said).toContain('REDIS_URL: missing.');
      expect(said).toContain('HTTP_PORT: "many" is not accepted.');
      expect(await site.rollcall(['serve', 'all'])).toMatchObject({ code: 78 });
    });
    await book.next();
    book.end();
  });

  it('services-refuse: gives the user of Redis its rights', async () => {
    const { redisUrl } = testServices();
    const administrator = new Redis(redisUrl);
    const user = uniqueName('acl');
    const password = randomBytes(16).toString('hex');
    await administrator.acl('SETUSER', user, `>${password}`, 'on', '~*', '&*', '+@all', '-@write');
    const address = new URL(redisUrl);
    Object.assign(address, { username: user, password });
    const book = await follow('services-refuse');
    await withSettings({ REDIS_URL: address.href }, async () => {
      const said = await book.next({}, 69);
      expect(said).toContain('does not let its user do what Rollcall must.');
      expect(said).toContain('docs/runbooks/services-refuse.md');
      expect(await site.rollcall(['serve', 'worker'])).toMatchObject({ code: 69 });
      const prefix = `{${site.env['REDIS_PREFIX']}}`;
      const rules = redisRules().map((rule) => rule.replace('{rollcall}', prefix));
      await administrator.acl('SETUSER', user, 'reset', `>${password}`, ...rules);
      await book.next();
    });
    book.end();
    await administrator.acl('DELUSER', user);
    administrator.disconnect();
  });

  it('directory-unreachable: syncs again once the way is open', async () => {
    const book = await follow('directory-unreachable');
    await withSettings({ JUMPCLOUD_CONSOLE_URL: 'http://127.0.0.1:1' }, async () => {
      const said = await book.next({ NAME: name }, 1);
      expect(said).toContain('refuses connections');
      expect(said).toContain('set HTTPS_PROXY');
    });
    await book.next({ NAME: name });
    book.end();
  });

  it('clock-is-off: names the machine that is three hours ahead', async () => {
    const ahead = join(__dirname, '../fixtures/three-hours-ahead.mjs');
    const book = await follow('clock-is-off');
    await withSettings({ NODE_OPTIONS: `--import ${ahead}` }, async () => {
      const said = await book.next({}, 1);
      expect(said).toContain('the clock of this machine is 3 h ahead of that of the database');
      expect(said).toContain('Redis');
      expect(said).toContain(`the directory of ${name}`);
      const late = await site.serve('api');
      expect(late.said()).toContain('Clocks differ: the clock of this machine is 3 h ahead');
      const address = /"address":"([^"]+)"/.exec(late.said())?.[1] ?? '';
      expect(await (await fetch(`${address}/readyz`)).json()).toMatchObject({
        ready: true,
        checks: { clock: { ok: false } },
      });
      await late.stop();
    });
    await book.next();
    await book.next();
    book.end();
  });

  it('worker-hangs: is told within 30 seconds, and ends with another worker', async () => {
    const values = { PID: String(worker.pid) };
    const book = await follow('worker-hangs');
    const pausedAt = Date.now();
    worker.pause();
    await eventually(async () => ((await site.rollcall(['doctor'])).code === 1 ? true : null));
    expect(Date.now() - pausedAt).toBeLessThan(30_000);
    await book.next(values, 1);
    await book.next(values);
    worker = await site.serve('worker');
    await book.next(values);
    book.end();
  });

  it('two-versions: the older worker leaves a run alone until a newer one takes it', async () => {
    const book = await follow('two-versions');
    const newer = (shape: number) =>
      lookAt(site, ({ raw }) => raw.collection('stores').updateMany({}, { $set: { shape } }));
    await newer(dataShape + 1);
    const { id } = await site.ask<{ id: string }>(['sync', name]);
    await lookAt(site, ({ raw }) =>
      raw
        .collection<{ _id: string }>('runs')
        .updateOne({ _id: id }, { $set: { shape: dataShape + 1 } }),
    );
    await worker.hasSaid(/Left a run to a worker of a newer release/);
    const said = await book.next({ NAME: name }, 1);
    expect(said).toContain(`run ${id}, the configuration of ${name}`);
    expect(await lookAt(site, (view) => view.run(id))).toMatchObject({
      status: 'queued',
      startedAt: null,
      resumes: 0,
    });
    // As if this worker were of the newer release.
    await newer(dataShape);
    await lookAt(site, async (view) => {
      await view.raw
        .collection<{ _id: string }>('runs')
        .updateOne({ _id: id }, { $set: { shape: dataShape } });
      await view.until(id, ({ status }) => status === 'succeeded');
    });
    await book.next({ NAME: name });
    book.end();
  });
});
