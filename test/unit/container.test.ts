import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const instructions = dockerfile
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const stages = dockerfile.split(/^FROM /m).slice(1);

describe('the Dockerfile', () => {
  it('builds in one stage and runs in another, as an unprivileged user, with a health check', () => {
    expect(stages).toHaveLength(2);
    expect(stages[1]).toMatch(/^USER node$/m);
    expect(stages[1]).toMatch(/^HEALTHCHECK /m);
    expect(stages[1]).not.toMatch(/npm |tsc|COPY (?!--from=build)/);
  });

  it('contains only instructions that Docker knows', () => {
    const known = /^(FROM|WORKDIR|COPY|RUN|ENV|USER|EXPOSE|HEALTHCHECK|ENTRYPOINT|CMD)\b/;
    expect(instructions.filter((line) => !known.test(line))).toEqual([]);
  });

  it('copies existing files, and all that the build includes', () => {
    const copied = instructions
      .filter((line) => line.startsWith('COPY') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const build = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8')) as {
      include: string[];
    };
    expect(copied).toEqual(expect.arrayContaining(build.include));
  });

  describe('checks the health of', () => {
    const [, check = ''] = /HEALTHCHECK[^\n]*?CMD (\[.*\])/.exec(instructions.join('\n')) ?? [];
    const [program = '', ...words] = JSON.parse(check) as string[];
    const [, workerPort] = /WORKER_HTTP_PORT=(\d+)/.exec(stages[1] ?? '') ?? [];
    let health = createServer();
    let port = '';
    beforeEach(async () => {
      health = createServer((request, response) => {
        response.statusCode = request.url === '/healthz' ? 200 : 404;
        response.end();
      });
      await new Promise<void>((resolve) => health.listen(0, '127.0.0.1', resolve));
      port = String((health.address() as AddressInfo).port);
    });
    afterEach(() => health.close());
    const run = async (env: NodeJS.ProcessEnv): Promise<number | null> => {
      const child = spawn(program, words, { env: { PATH: process.env['PATH'], ...env } });
      return new Promise((resolve) => child.once('exit', resolve));
    };

    it.each([
      ['the API is', (open: string) => ({ HTTP_PORT: open, WORKER_HTTP_PORT: '1' })],
      ['a worker is', (open: string) => ({ HTTP_PORT: '1', WORKER_HTTP_PORT: open })],
    ])('%s', async (_what, env) => {
      expect(workerPort).toBeDefined();
      expect(await run(env(port))).toBe(0);
      health.removeAllListeners('request');
      health.on('request', (_request, response: ServerResponse) => {
        response.statusCode = 503;
        response.end();
      });
      expect(await run(env(port))).toBe(1);
    });
  });

  it('pins an exact version of Node that package.json accepts', () => {
    for (const stage of stages) expect(stage).toMatch(/^node:(2[2468]|20)\.\d+\.\d+-slim/);
  });

  it('runs no install script of a package', () => {
    expect(dockerfile.match(/npm (ci|prune)[^&\n]*/g)).toEqual([
      'npm ci --ignore-scripts',
      'npm prune --omit=dev --ignore-scripts',
    ]);
  });
});
