import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(__dirname, '../../..');

/** Replaces npm: logs its calls, and creates the files that npm would. */
const npm = `#!/usr/bin/env bash
echo "$*" >> "$CALLS"
echo "what npm says"
case $1 in
  ci) mkdir -p node_modules && touch node_modules/.package-lock.json ;;
  run) [ -z "\${BROKEN:-}" ] && mkdir -p dist/src && echo 'console.log(process.cwd())' > dist/src/main.js ;;
esac
`;
const install = 'ci --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error';
const build = 'run --silent build';

function clone(): {
  readonly root: string;
  run(env?: NodeJS.ProcessEnv): string;
  calls(): string[];
} {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-clone-'));
  for (const path of ['bin/rollcall', 'dev/prepare-build.sh']) {
    cpSync(join(repository, path), join(root, path));
  }
  for (const folder of ['src', 'jobs', 'config', 'web', 'fake']) mkdirSync(join(root, folder));
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'src/main.ts']) {
    writeFileSync(join(root, file), '{}');
    utimesSync(join(root, file), 1, 1);
  }
  writeFileSync(join(root, 'fake/npm'), npm);
  chmodSync(join(root, 'fake/npm'), 0o755);
  const log = join(root, 'calls');
  return {
    root,
    run(env = {}) {
      writeFileSync(log, '');
      const PATH = `${join(root, 'fake')}:${process.env['PATH']}`;
      const { stdout, stderr, status } = spawnSync(join(root, 'bin/rollcall'), [], {
        cwd: tmpdir(),
        encoding: 'utf8',
        env: { PATH, CALLS: log, CDPATH: '/', ...env },
      });
      return status === 0 ? stdout : `${status}: ${stderr}`;
    },
    calls: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
  };
}

describe('bin/rollcall', () => {
  const fresh = clone();
  const { root } = fresh;
  const here = `${tmpdir()}\n`;
  const touch = (path: string): void => {
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(root, path), later, later);
  };
  const age = (path: string): void => utimesSync(join(root, path), 2, 2);
  afterAll(() => rmSync(root, { recursive: true }));

  it('installs and builds in a fresh clone, and says so on standard error alone', () => {
    expect(fresh.run()).toBe(here);
    expect(fresh.calls()).toEqual([install, build]);
  });

  it('just runs an up-to-date build', () => {
    for (const folder of ['src', 'jobs', 'config', 'web']) age(folder);
    expect(fresh.run()).toBe(here);
    expect(fresh.calls()).toEqual([]);
  });

  it('builds again when the build is older than its sources', () => {
    age('dist/src/main.js');
    touch('src/main.ts');
    fresh.run();
    expect(fresh.calls()).toEqual([build]);
    age('src/main.ts');
  });

  it('installs again when the packages are older than their list', () => {
    touch('package-lock.json');
    fresh.run();
    expect(fresh.calls()).toEqual([install]);
    age('package-lock.json');
  });

  it('runs nothing when the build fails', () => {
    touch('src/main.ts');
    for (let times = 0; times < 2; times += 1) {
      expect(fresh.run({ BROKEN: 'yes' })).toMatch(/^1: Building .*\nwhat npm says\n$/);
    }
    age('src/main.ts');
    expect(fresh.run()).toBe(here);
  });

  it('says who can build where this user may not write', () => {
    touch('src/main.ts');
    chmodSync(root, 0o755);
    // Root may write anywhere: another user stands for one who may not.
    const isRoot = process.getuid?.() === 0;
    if (!isRoot) chmodSync(root, 0o555);
    const { status, stderr } = spawnSync(join(root, 'bin/rollcall'), [], {
      cwd: tmpdir(),
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], CALLS: '/dev/null' },
      ...(isRoot && { uid: 65_534, gid: 65_534 }),
    });
    chmodSync(root, 0o755);
    age('src/main.ts');
    expect(status).toBe(78);
    expect(stderr).toContain('Rollcall must be built first, and ');
    expect(stderr).toContain('Have the owner of the folder run: npm run build.');
  });

  it('just runs where there are no sources', () => {
    for (const path of ['src', 'dev', 'package-lock.json']) {
      rmSync(join(root, path), { recursive: true });
    }
    expect(fresh.run()).toBe(here);
    expect(fresh.calls()).toEqual([]);
  });
});

describe('the scripts', () => {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-suites-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('count a suite without any test as failed', () => {
    mkdirSync(join(root, 'test/unit'), { recursive: true });
    mkdirSync(join(root, 'test/e2e'), { recursive: true });
    writeFileSync(join(root, 'test/unit/a.test.ts'), '');
    const { stdout, stderr, status } = spawnSync(
      'bash',
      ['-c', 'source "$0" && run_suites unit e2e --', script('dev/test-runner/run-suites.sh')],
      { cwd: root, encoding: 'utf8' },
    );
    expect({ stdout, stderr, status }).toEqual({
      stdout: '0 passed, 1 failed\n',
      stderr: 'test/e2e has no test.\n',
      status: 1,
    });
  });

  it.each(['bin/rollcall', 'bin/demo', 'bin/test', 'bin/test-browser', '.ci/run'])(
    '%s finds its repository with any CDPATH and links',
    (path) => {
      expect(readFileSync(script(path), 'utf8')).toMatch(
        /cd "\$\(dirname "\$\(readlink -f "\$\{BASH_SOURCE\[0\]\}"\)"\)\/\.\."/,
      );
    },
  );
});

function script(path: string): string {
  return join(repository, path);
}
