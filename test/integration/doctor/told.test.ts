import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { loadConfig } from '../../../config/load.ts';
import { checkServices } from '../../../src/app/check-services.ts';
import { openApp } from '../../../src/app/compose.ts';
import { start } from '../../../src/app/serve.ts';
import { outcomeOf } from '../../../src/cli/exit.ts';
import { runCli } from '../../../src/cli/program.ts';
import { hintOf, messageOf } from '../../../src/core/errors.ts';
import { defaultStoreConfig } from '../../../src/core/store-file/default-config.ts';
import { jumpcloud } from '../../../src/directories/jumpcloud/index.ts';
import { createLogger } from '../../../src/observability/logger.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { CliWorld, Sink } from '../../fakes/cli-world.ts';
import {
  type LimitedDatabase,
  startLimitedDatabase,
  unauthorized,
} from '../../fakes/limited-database.ts';
import { testServices, uniqueName } from '../../setup/services.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const name = uniqueName('told');
const { mongodbUri, redisUrl } = testServices();
const base = {
  MONGODB_URI: mongodbUri,
  MONGODB_DATABASE: name,
  REDIS_URL: redisUrl,
  REDIS_PREFIX: name,
  SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  HTTP_PORT: '0',
};
const silent = createLogger({ level: 'silent' });
const readOnly = ['insert', 'update', 'delete', 'findAndModify', 'createIndexes', 'create'];
let limited: LimitedDatabase;
let simulator: Simulator;
let taken: ReturnType<typeof createServer>;

/** What a process says that starts, and what `/readyz` then answers; null where it does not start. */
async function begin(env: Environment): Promise<{ exits: number; says: string; readyz: unknown }> {
  let says = '';
  const log = createLogger({ level: 'info', to: { write: (line: string) => (says += line) } });
  try {
    const running = await start({ config: loadConfig(env), role: 'all', log });
    const readyz = await (await fetch(`${running.address}/readyz`)).json();
    await running.stop();
    return { exits: 0, says, readyz };
  } catch (error) {
    says += `${messageOf(error)} ${hintOf(error)}`;
    return { exits: outcomeOf(error).exitCode, says, readyz: null };
  }
}

async function askDoctor(env: Environment): Promise<{ exits: number; says: string }> {
  const stdout = new Sink();
  const exits = await runCli(['doctor'], {
    ...new CliWorld().dependencies({ stdout, stderr: new Sink() }),
    checkServices: () => checkServices(env, silent),
    open: () => openApp(loadConfig(env), silent),
  });
  return { exits, says: stdout.text };
}

beforeAll(async () => {
  limited = await startLimitedDatabase(mongodbUri, (command) =>
    readOnly.includes(command) ? unauthorized(command) : null,
  );
  simulator = await startSimulator({ users: 1, groups: 0 });
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const app = await openApp(loadConfig(base), silent);
  await app.ports.stores.create({
    name: 'acme',
    directory: jumpcloud.kind,
    connection: { region: 'us' },
    orgId: 'org1',
    sendOrgId: false,
    owner: 'cli:ada',
    config: defaultStoreConfig(jumpcloud.defaultMapping),
    credential: { type: 'api-key', apiKey: 'jca_0123456789abcdef' },
  });
  await app.close();
});
afterAll(async () => {
  const app = await openApp(loadConfig(base), silent);
  await app.database.connection.dropDatabase();
  for (const queue of Object.values(app.queues)) await queue.obliterate({ force: true });
  await app.close();
  await limited.close();
  await simulator.close();
  taken.close();
});

interface Row {
  readonly wrong: string;
  readonly env: () => Environment;
  /** 0: it starts. */
  readonly start: { readonly exits: number; readonly says: RegExp };
  /** Left out: the same. No worker runs meanwhile, and the directory refuses the key: never 0. */
  readonly doctor?: { readonly exits: number; readonly says: RegExp };
  /** Left out: it did not start. */
  readonly readyz?: object;
  readonly runbook: string;
  /** Left out: the same. */
  readonly doctorRunbook?: string;
}

const withOption = (option: string) =>
  `${mongodbUri}${mongodbUri.includes('?') ? '&' : '?'}${option}`;

const rows: readonly Row[] = [
  {
    wrong: 'a required setting is missing',
    env: () => ({ REDIS_URL: undefined }),
    start: { exits: 78, says: /REDIS_URL: missing/ },
    runbook: 'does-not-start',
  },
  {
    wrong: 'a value is malformed',
    env: () => ({ HTTP_PORT: 'many' }),
    start: { exits: 78, says: /HTTP_PORT: "many" is not accepted/ },
    runbook: 'does-not-start',
  },
  {
    wrong: 'a file of a key is not there',
    env: () => ({ SECRETS_KEYS: undefined, SECRETS_KEYS_FILE: join(__dirname, 'no-such-file') }),
    start: { exits: 78, says: /SECRETS_KEYS_FILE can't be read/ },
    runbook: 'does-not-start',
  },
  {
    wrong: 'the database is away',
    env: () => ({ MONGODB_URI: 'mongodb://127.0.0.1:1/' }),
    start: { exits: 69, says: /The database at 127\.0\.0\.1:1 can't be used: .*ECONNREFUSED/ },
    runbook: 'services-lost',
  },
  {
    wrong: 'Redis is away',
    env: () => ({ REDIS_URL: 'redis://127.0.0.1:1' }),
    start: { exits: 69, says: /Redis at 127\.0\.0\.1:1 can't be reached: .*ECONNREFUSED/ },
    runbook: 'services-lost',
  },
  {
    wrong: 'the password of Redis is wrong',
    env: () => ({ REDIS_URL: redisUrl.replace('://', '://nobody:hunter2@') }),
    start: { exits: 69, says: /Redis at \S+ wants another password/ },
    runbook: 'services-refuse',
  },
  {
    wrong: 'Redis has no such database',
    env: () => ({ REDIS_URL: `${redisUrl}/99` }),
    start: { exits: 78, says: /does not have the database that REDIS_URL names/ },
    runbook: 'services-refuse',
  },
  {
    wrong: 'the replica set is another one',
    env: () => ({ MONGODB_URI: withOption('replicaSet=rs9') }),
    start: { exits: 69, says: /is not of the replica set "rs9" that MONGODB_URI names/ },
    runbook: 'services-refuse',
  },
  {
    wrong: 'the user of the database may only read',
    env: () => ({ MONGODB_URI: limited.uri }),
    start: { exits: 69, says: /The database.* does not let its user do what Rollcall must/ },
    runbook: 'services-refuse',
  },
  {
    wrong: 'the port is in use',
    env: () => ({ HTTP_PORT: String((taken.address() as AddressInfo).port) }),
    start: { exits: 78, says: /can't listen on port \d+ of 127\.0\.0\.1/ },
    doctor: { exits: 1, says: /✓ settings/ },
    runbook: 'does-not-start',
    doctorRunbook: 'nothing-runs',
  },
  {
    wrong: 'SECRETS_KEYS decrypts nothing',
    env: () => ({ SECRETS_KEYS: `k1:${Buffer.alloc(32, 2).toString('base64')}` }),
    start: { exits: 0, says: /"stores":\["acme"\].*SECRETS_KEYS can’t decrypt the credentials/ },
    doctor: { exits: 1, says: /✗ store acme +its credential can't be decrypted/ },
    readyz: expect.objectContaining({
      ready: true,
      checks: expect.objectContaining({ secrets: expect.objectContaining({ ok: false }) }),
    }),
    runbook: 'secrets-keys-lost',
  },
  {
    wrong: 'MONGODB_URI asks for no acknowledgement and secondary reads',
    env: () => ({ MONGODB_URI: withOption('w=0&readPreference=secondary') }),
    start: { exits: 0, says: /MONGODB_URI: w=0 and readPreference=secondary has no effect/ },
    doctor: { exits: 1, says: /✓ MONGODB_URI +w=0 and readPreference=secondary has no effect/ },
    readyz: expect.objectContaining({ ready: true }),
    runbook: 'does-not-start',
  },
  {
    wrong: 'MONGODB_URI names another database',
    env: () => ({ MONGODB_URI: `${mongodbUri.replace(/\/(\?|$)/, '/people$1')}` }),
    start: { exits: 0, says: /the database people in its path is not used/ },
    doctor: { exits: 1, says: /✓ MONGODB_URI +the database people in its path is not used/ },
    readyz: expect.objectContaining({ ready: true }),
    runbook: 'does-not-start',
  },
  {
    wrong: 'no directory reaches PUBLIC_URL',
    env: () => ({ PUBLIC_URL: 'http://0.0.0.0:3000' }),
    start: { exits: 0, says: /PUBLIC_URL: http:\/\/0\.0\.0\.0:3000 is no address/ },
    doctor: { exits: 1, says: /✓ PUBLIC_URL +http:\/\/0\.0\.0\.0:3000 is no address/ },
    readyz: expect.objectContaining({ ready: true }),
    runbook: 'does-not-start',
  },
];

describe('what a person on call is told', () => {
  it.each(rows)('where $wrong', async (row) => {
    const env = { ...base, JUMPCLOUD_CONSOLE_URL: simulator.url, ...row.env() };
    const begun = await begin(env);
    expect(begun.says).toMatch(row.start.says);
    expect(begun.exits).toBe(row.start.exits);
    expect(begun.says).not.toContain('hunter2');
    expect(begun.readyz).toEqual(row.readyz ?? null);
    const doctor = await askDoctor(env);
    expect(doctor.says).toMatch(row.doctor?.says ?? row.start.says);
    expect(doctor.exits).toBe(row.doctor?.exits ?? row.start.exits);
    expect(doctor.says).not.toContain('hunter2');
    expect(begun.says).toContain(`runbooks/${row.runbook}.md`);
    expect(doctor.says).toContain(`runbooks/${row.doctorRunbook ?? row.runbook}.md`);
  });
});
