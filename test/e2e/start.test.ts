import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { freePort } from '../setup/free-port.ts';
import { testServices } from '../setup/services.ts';
import { operate } from './processes.ts';

const main = 'dist/src/main.js';

describe('a process', () => {
  it.each([
    ['20.18.3', 78],
    ['18.20.8', 78],
    ['20.19.0', 0],
    ['24.0.0', 0],
  ])('says which Node.js it needs before it loads anything: %s', (version, exits) => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
    const preload = `data:text/javascript,${encodeURIComponent(pretend)}`;
    const { status, stderr } = spawnSync(process.execPath, [
      '--import',
      preload,
      main,
      '--version',
    ]);
    expect(status).toBe(exits);
    expect(stderr.toString().includes(`needs Node.js 20.19 or newer; this is ${version}.`)).toBe(
      exits !== 0,
    );
  });

  it('works on without a log that can’t be written, and says so', async () => {
    const port = await freePort();
    const { mongodbUri, redisUrl } = testServices();
    const { env } = operate({
      MONGODB_URI: mongodbUri,
      REDIS_URL: redisUrl,
      HTTP_PORT: `${port}`,
    });
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [main, 'serve', 'all'], {
      env,
      stdio: ['ignore', 'pipe', full],
    });
    const [said] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    expect(said.toString()).toContain('The log can’t be written to standard error (ENOSPC).');
    const readyz = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(readyz.status).toBe(200);
    expect(await readyz.json()).toMatchObject({ checks: { log: { ok: false } } });
    child.kill('SIGHUP');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
  });
});
