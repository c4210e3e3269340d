/*
 * Many stores on schedules and two workers: lateness, fairness, boot and memory.
 *   npm run bench:stores -- --help
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { loadConfig } from '../../config/load.ts';
import { openApp } from '../../src/app/compose.ts';
import { openChildren } from './children.ts';
import { measureStores } from './measure-stores.ts';
import { table } from './table.ts';

const usage = `npm run bench:stores -- [options]
  --stores N    stores on schedules (1000)
  --users N     people in each (100)
  --large N     people in the large store that the others must not wait for; 0 leaves fairness out (20000)
  --workers N   worker processes (2)
  --latency MS  how long the directory takes over each answer (0)
  --minutes N   over how many minutes the schedules are spread (3); 0 leaves that out
  --json        one JSON document on stdout
`;

const { values } = parseArgs({
  options: {
    stores: { type: 'string', default: '1000' },
    users: { type: 'string', default: '100' },
    large: { type: 'string', default: '20000' },
    workers: { type: 'string', default: '2' },
    latency: { type: 'string', default: '0' },
    minutes: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const size = {
  stores: Number(values.stores),
  users: Number(values.users),
  large: Number(values.large),
  workers: Number(values.workers),
  latencyMs: Number(values.latency),
  minutes: Number(values.minutes),
};

const name = `bench_${randomBytes(4).toString('hex')}`;
const children = openChildren();
try {
  const url = await children.simulate(size);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    SECRETS_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    MONGODB_DATABASE: name,
    REDIS_PREFIX: name,
    JUMPCLOUD_CONSOLE_URL: url,
    NO_PROXY: '*',
  };
  const app = await openApp(loadConfig(env), pino({ level: 'silent' }));
  try {
    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    const result = await measureStores({ app, env, children, size, say });
    process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : table(result));
  } finally {
    await children.close();
    await app.database.connection.dropDatabase();
    for (const queue of Object.values(app.queues)) await queue.obliterate({ force: true });
    await app.close();
  }
} finally {
  await children.close();
}
