import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/*
 * A directory is one folder and one line. The planted one answers as JumpCloud does, so that JumpCloud's stand-in is
 * its stand-in too; its connection, its way to sign in and its setting are its own.
 */

const provider = `import { z } from 'zod';
import type { DirectoryProvider } from '../directory.ts';
import { jumpcloud } from '../jumpcloud/index.ts';
import { secretText } from '../secret-text.ts';

export const paper: DirectoryProvider = {
  ...jumpcloud,
  kind: 'paper',
  connectionSchema: z.strictObject({ desk: z.string().min(1) }),
  credentialSchema: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('pass'), passPhrase: secretText }),
  ]),
  checkSignIn: () => undefined,
  words: {
    examples: ['rollcall store add acme --directory paper --desk D1 --pass-phrase-stdin < file'],
    fields: { desk: { summary: 'whose papers' }, passPhrase: { summary: 'read it', name: 'phrase' } },
    signIns: {},
  },
  originSetting: 'PAPER_URL',
  originSettings: { PAPER_URL: { description: 'Where it is.', example: 'https://paper.test', defaultText: 'its own' } },
  connect: ({ credential, ...options }, { settings, ...context }) =>
    jumpcloud.connect(
      {
        ...options,
        connection: {},
        credential: { type: 'api-key', apiKey: credential['passPhrase'] ?? '' },
      },
      {
        ...context,
        settings: {
          ...settings,
          origins: { JUMPCLOUD_CONSOLE_URL: settings.origins['PAPER_URL'] },
        },
      },
    ),
};
`;

const source = `import { createConnectDirectory } from '../../../../src/directories/index.ts';
import { startSource as startJumpCloud } from '../jumpcloud/source.ts';
import type { StartSource } from '../source-under-test.ts';

export const startSource: StartSource = async (size) => {
  const source = await startJumpCloud(size);
  return {
    ...source,
    connect({ key = source.secret, retryBudgetMs = 10_000, signal = new AbortController().signal } = {}) {
      const connect = createConnectDirectory(
        { origins: { PAPER_URL: source.url }, retryBudgetMs },
        { now: Date.now, random: () => 0 },
      );
      const credential = { type: 'pass', passPhrase: key };
      return connect({ directory: 'paper', connection: { desk: 'D1' }, credential, orgId: null, signal });
    },
  };
};
`;

const suite = `import { settingsSchema } from '../../config/schema.ts';
import { toDirectoryStore, toDirectoryStoreDocument } from '../../src/mongo/models/directory-store.model.ts';
import { openApiWorld } from '../fakes/api-world.ts';
import { CliWorld } from '../fakes/cli-world.ts';

const add = ['store', 'add', 'acme', '--directory', 'paper', '--pass-phrase-stdin'];
const credential = { type: 'pass', passPhrase: 'sesame' };

describe('a paper directory', () => {
  it('is in the help of the command line, with its options and beside the other', async () => {
    const { stdout } = await new CliWorld().run(['store', 'add', '--help']);
    for (const words of ['(choices: "jumpcloud", "paper")', '--desk <desk>', '--pass-phrase-stdin', '--directory paper', '--region <region>']) {
      expect(stdout).toContain(words);
    }
  });

  it('is added by the command line, and kept as it was given', async () => {
    const world = new CliWorld();
    const { exitCode, json } = await world.run([...add, '--desk', 'D1', '--json'], { input: 'sesame' });
    expect({ exitCode, ...json() }).toMatchObject({ exitCode: 0, directory: 'paper', region: null });
    const [store] = await world.stores.list();
    if (store === undefined) throw new Error('no store was added');
    expect(store.connection).toEqual({ desk: 'D1' });
    expect(world.stores.credentials.get(store.id)).toEqual(credential);
    const { nameKey: _, ...document } = toDirectoryStoreDocument(store, null);
    expect(toDirectoryStore(document)).toEqual(store);
  });

  it.each([
    ['without its connection', add, 'desk'],
    ['with the connection of another directory', [...add, '--desk', 'D1', '--region', 'eu'], 'region'],
    ['with the key of another directory', [...add.slice(0, -1), '--desk', 'D1', '--api-key-stdin'], '--pass-phrase-stdin'],
  ])('is refused %s', async (_, args, words) => {
    const { exitCode, stderr } = await new CliWorld().run(args, { input: 'sesame' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
  });

  it('is in the OpenAPI document, by which the API adds it', async () => {
    const api = await openApiWorld();
    const document = await (await api.http.ask('/api/v1/openapi.json')).text();
    expect(document).toContain('"enum":["jumpcloud","paper"]');
    expect(document).toContain('"desk"');
    const body = { name: 'acme', directory: 'paper', desk: 'D1', credential };
    expect((await api.ask('POST', '/stores', { body })).status).toBe(201);
    const wrong = { ...body, name: 'other', credential: { type: 'api-key', apiKey: 'k' } };
    expect((await api.ask('POST', '/stores', { body: wrong })).status).toBe(400);
    await api.close();
  });

  it('has its setting', () => {
    expect(Object.keys(settingsSchema.shape)).toContain('PAPER_URL');
  });
});
`;

const copied = [
  'src',
  'config',
  'jobs',
  'docs',
  'test',
  'jest.config.mjs',
  'package.json',
  'tsconfig.json',
];
const docsTest = 'test/unit/docs/directories.test.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-directory-'));
  for (const name of copied) await cp(name, join(folder, name), { recursive: true });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await plant('src/directories/paper/index.ts', provider);
  await appendFile(
    join(folder, 'src/directories/registry.ts'),
    "export { paper } from './paper/index.ts';\n",
  );
  await plant('test/contract/directories/paper/source.ts', source);
  await plant('test/unit/paper.test.ts', suite);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function plant(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** The names of the tests about the planted directory that ended so. */
async function runTests(...files: readonly string[]) {
  const { stdout } = await run(
    process.execPath,
    ['node_modules/jest/bin/jest.js', '--json', '-t', 'paper', '--runTestsByPath', ...files],
    { cwd: folder, maxBuffer: 2 ** 26 },
  ).catch((failed: { readonly stdout: string }) => failed);
  const { testResults } = JSON.parse(stdout) as Results;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string) =>
    tests.filter((test) => test.status === status).map(({ fullName }) => fullName);
  return { passed: named('passed'), failed: named('failed') };
}

describe('a directory that is one folder and one line', () => {
  it('has the types that are asked of it', async () => {
    // All else of the program knows it by the interface alone.
    const include = ['src/directories', 'config', 'test/contract/directories/paper'];
    const settings = { extends: './tsconfig.json', include };
    await plant('tsconfig.paper.json', JSON.stringify(settings));
    const tsc = run('node_modules/.bin/tsc', ['-p', 'tsconfig.paper.json'], { cwd: folder });
    await expect(tsc).resolves.toMatchObject({ stdout: '' });
  });

  it('passes the contract suite, and is in help, API and settings, before the documentation names it', async () => {
    const { passed, failed } = await runTests(
      'test/contract/directories/directories.test.ts',
      'test/unit/paper.test.ts',
      docsTest,
    );
    expect(failed).toEqual(['docs/cli.md says how to add a store of a paper directory']);
    const contract = passed.filter((name) => name.startsWith('the directory paper'));
    expect(contract.length).toBeGreaterThan(25);
    expect(passed.filter((name) => name.startsWith('a paper directory'))).toHaveLength(7);
  });

  it('is documented by a row of the command line', async () => {
    const row =
      '| `store add NAME --directory paper --desk DESK --pass-phrase-stdin` | adds it |\n';
    await appendFile(join(folder, 'docs/cli.md'), row);
    const { passed, failed } = await runTests(docsTest);
    expect(failed).toEqual([]);
    expect(passed).toHaveLength(1);
  });
});
