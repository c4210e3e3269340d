import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testServices } from '../setup/services.ts';
import { operate, type Rollcall } from './processes.ts';

/** Nothing listens there. */
const redisUrl = 'redis://127.0.0.1:1';

let folder: string;
let site: Rollcall;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-loading-'));
  // Node writes down every script that a process has loaded.
  const { mongodbUri } = testServices();
  site = operate({ MONGODB_URI: mongodbUri, REDIS_URL: redisUrl, NODE_V8_COVERAGE: folder });
});
afterEach(() => rm(folder, { recursive: true }));

/** The names of the packages that the commands have loaded. */
async function loadedPackages(): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const file of await readdir(folder)) {
    const { result } = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
      readonly result: readonly { readonly url: string }[];
    };
    for (const { url } of result) {
      const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  return [...names].toSorted();
}

describe('a command', () => {
  it('that prints the version loads the parser of command lines alone', async () => {
    expect(await site.rollcall(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' });
    expect(await loadedPackages()).toEqual(['commander']);
  });

  it('that prints help loads no client of a service', async () => {
    expect((await site.rollcall(['--help'])).code).toBe(0);
    const loaded = await loadedPackages();
    expect(loaded).toContain('zod');
    for (const name of ['mongoose', 'bullmq', 'ioredis', 'axios', 'fastify', 'pino']) {
      expect(loaded).not.toContain(name);
    }
  });

  it.each([
    [['store', 'list']],
    [['runs', 'list']],
    [['members', 'list']],
    [['members', 'add', 'ada@example.com', '--first-name', 'Ada', '--last-name', 'Lovelace']],
    [['members', 'export']],
    [['members', 'why', 'ada@example.com']],
    [['secrets', 'rotate']],
    [['token', 'create', '--role', 'viewer', '--name', 'the wall screen']],
    [['token', 'list']],
    [['audit', 'list']],
  ])(
    'that needs only the database works without Redis and loads no client of it: %j',
    async (args) => {
      expect(await site.rollcall(args)).toMatchObject({ code: 0 });
      const loaded = await loadedPackages();
      expect(loaded).toContain('mongoose');
      for (const name of ['bullmq', 'ioredis', 'axios', 'fastify']) {
        expect(loaded).not.toContain(name);
      }
    },
  );

  it.each([[['store', 'list']], [['members', 'list']]])(
    'that lists loads no parser of YAML or of expressions: %j',
    async (args) => {
      await site.ask(args);
      const loaded = await loadedPackages();
      for (const name of ['yaml', 'jsonata']) expect(loaded).not.toContain(name);
    },
  );

  it('that gives work to workers names the Redis that is away, and changes nothing', async () => {
    const outcome = await site.rollcall([
      'store',
      'add',
      'acme',
      '--directory',
      'jumpcloud',
      '--via',
      'scim',
    ]);
    expect(outcome.code).toBe(69);
    expect(outcome.stderr).toContain("Redis at 127.0.0.1:1 can't be reached");
    expect(await site.ask(['store', 'list'])).toEqual([]);
    expect(await loadedPackages()).not.toContain('fastify');
  });
});
