import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAt } from './database.ts';
import { eventually, type Installation, install } from './processes.ts';

interface RunJson {
  readonly trigger: string;
  readonly status: string;
}

let site: Installation;

beforeAll(async () => {
  site = await install({ users: 20, groups: 0, seed: 3 });
});
afterAll(() => site.close());

describe('a schedule', () => {
  it('creates a run by itself when it is due', async () => {
    await site.ask(
      ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'],
      site.simulator.apiKey,
    );
    await site.serve('all');
    const file = join(tmpdir(), `${site.env['REDIS_PREFIX']}.yaml`);
    await writeFile(
      file,
      'schedule: { enabled: true, frequency: cron, cron: "* * * * *", timezone: UTC }\n',
    );
    const { nextRunAt } = await site.ask<{ nextRunAt: string }>([
      'store',
      'apply',
      'acme',
      '-f',
      file,
    ]);
    expect(new Date(nextRunAt).getUTCSeconds()).toBe(0);
    await lookAt(site, (view) =>
      eventually(async () => (await view.runs({ status: 'succeeded' }))[0]),
    );
    const [run] = await site.ask<RunJson[]>(['runs', 'list', '--store', 'acme']);
    expect(run).toMatchObject({ status: 'succeeded', trigger: 'schedule' });
    await site.ask(['store', 'pause', 'acme']);
    expect(await site.ask(['store', 'show', 'acme'])).toMatchObject({
      status: 'paused',
      nextRunAt: null,
    });
  });
});
