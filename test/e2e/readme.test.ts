import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testServices, uniqueName } from '../setup/services.ts';

const root = join(__dirname, '../..');

/** The first block of commands in a section of the README. */
async function commandsOf(section: string): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const text = readme.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  return /^```sh\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? '';
}

/** A folder that looks like the repository, but has its own keys and logs. */
async function openClone(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-readme-'));
  for (const name of ['bin', 'node_modules', 'package.json', 'packages']) {
    await symlink(join(root, name), join(folder, name));
  }
  return folder;
}

describe('the README', () => {
  it('has commands that sync a simulated directory as they are written', async () => {
    const folder = await openClone();
    const { mongodbUri, redisUrl } = testServices();
    const commands = await commandsOf('Use it');
    expect(commands).toContain('services -- up');
    const stop = "trap 'kill $(jobs -p); wait' EXIT";
    const child = spawn('bash', ['-euo', 'pipefail', '-c', `${stop}\n${commands}`], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        MONGODB_URI: mongodbUri,
        REDIS_URL: redisUrl,
        MONGODB_DATABASE: uniqueName('e2e'),
        REDIS_PREFIX: uniqueName('e2e'),
        HTTP_PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, said }).toMatchObject({ code: 0 });
    expect(said).toMatch(/Run [0-9a-f]{24} succeeded after .*: 480 created/);
    expect(said).toMatch(/source now +People & Culture/);
    expect(said).toContain('All is well');
    await rm(folder, { recursive: true });
  });
});
