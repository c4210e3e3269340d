/** `npm run demo`: a simulated JumpCloud becomes members, changes, and is followed. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingsSchema } from '../../config/schema.ts';
import { messageOf } from '../../src/core/errors.ts';
import { removeData } from './remove-data.ts';
import { type SimulatorDocument, simulatorDocument } from './simulated-directory.ts';
import { Interrupted, Stage } from './stage.ts';
import { heading, syncFirst, tellStory, type } from './story.ts';

const users = 500;
const name = `rollcall_demo_${randomBytes(4).toString('hex')}`;
const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** The environment with the services but without Rollcall's other settings, plus the settings of the demo. */
function demoEnvironment(port: number): NodeJS.ProcessEnv {
  const { MONGODB_URI, REDIS_URL, ...others } = process.env;
  for (const setting of Object.keys(settingsSchema.shape)) {
    delete others[setting];
    delete others[`${setting}_FILE`];
  }
  return {
    ...others,
    MONGODB_URI,
    REDIS_URL,
    MONGODB_DATABASE: name,
    REDIS_PREFIX: name,
    SECRETS_KEYS: `demo:${randomBytes(32).toString('base64')}`,
    HTTP_PORT: String(port),
    NO_PROXY: '*',
    PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
  };
}

async function startProcesses(stage: Stage, url: string): Promise<SimulatorDocument> {
  let printed = '';
  stage.start('simulator', `rollcall simulator --users ${users} --json`, (text) => {
    printed += text;
  });
  await stage.until('Starting the simulator', () => printed.trimEnd().endsWith('}'));
  const directory = simulatorDocument.parse(JSON.parse(printed));
  stage.setEnv({ JUMPCLOUD_CONSOLE_URL: directory.url, JUMPCLOUD_OAUTH_URL: directory.url });
  stage.start('rollcall', 'rollcall serve all');
  await stage.until('Starting Rollcall', () => isReady(url));
  return directory;
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false; // Nothing listens yet.
  }
}

async function leaveRunning(stage: Stage, env: NodeJS.ProcessEnv, url: string): Promise<void> {
  heading('It runs on');
  const said = await type(stage, 'rollcall token create --role owner --name demo');
  const token = /^rc_\S+$/m.exec(said)?.[0] ?? '';
  process.stdout.write(`
  Console          ${url}/#token=${token}
  Queue dashboard  ${url}/ops/queues (sign in with the token above)
  Health           ${url}/readyz

In another terminal, bin/rollcall works with these settings:
${[
  'MONGODB_URI',
  'REDIS_URL',
  'MONGODB_DATABASE',
  'REDIS_PREFIX',
  'SECRETS_KEYS',
  'JUMPCLOUD_CONSOLE_URL',
  'JUMPCLOUD_OAUTH_URL',
  'NO_PROXY',
]
  .map((setting) => `  export ${setting}='${env[setting]}'`)
  .join('\n')}

Ctrl-C stops everything.
`);
  await stage.untilInterrupted();
}

async function demo(serve: boolean): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stopping.abort());
  }
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-demo-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = demoEnvironment(port);
  const stage = new Stage({ folder, env, signal: stopping.signal });
  try {
    heading('A simulated JumpCloud, a worker and the API are started');
    const directory = await startProcesses(stage, url);
    process.stdout.write(
      `  ${directory.organization.name}, ${users} people, at ${directory.url}\n`,
    );
    await syncFirst(stage, directory);
    if (!serve) await tellStory(stage, directory);
    else {
      const simulated = {
        JUMPCLOUD_CONSOLE_URL: directory.url,
        JUMPCLOUD_OAUTH_URL: directory.url,
      };
      await leaveRunning(stage, { ...env, ...simulated }, url);
    }
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) return serve ? 0 : 130;
    process.stderr.write(`\nThe demo failed: ${messageOf(error)}\n${stage.logs()}\n`);
    return 1;
  } finally {
    process.stdout.write('\nStopping what was started.\n');
    await stage.close();
    await removeData(env);
    rmSync(folder, { recursive: true, force: true });
  }
}

const [option, ...rest] = process.argv.slice(2);
if (rest.length > 0 || (option !== undefined && option !== '--serve')) {
  process.stderr.write(
    'Usage: bin/demo [--serve]   --serve ends with the first sync, and leaves all running until Ctrl-C\n',
  );
  process.exitCode = option === '--help' ? 0 : 2;
} else {
  process.exitCode = await demo(option === '--serve');
}
