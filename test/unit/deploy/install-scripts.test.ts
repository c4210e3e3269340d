import { readFileSync } from 'node:fs';

const files = [
  '.ci/run',
  'CONTRIBUTING.md',
  'Dockerfile',
  'dev/prepare-build.sh',
  'docs/deployment.md',
];

describe('the install scripts of packages', () => {
  it.each(files)('are left out by %s', (file) => {
    const installs = readFileSync(file, 'utf8').match(/npm (ci|prune|install)\b[^&\n]*/g) ?? [];
    expect(installs).not.toEqual([]);
    expect(installs.filter((command) => !command.includes('--ignore-scripts'))).toEqual([]);
  });

  it('are needed by no package: another one with a script must be tried without it', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
    };
    const names = Object.keys(lock.packages).filter(
      (name) => lock.packages[name]?.hasInstallScript,
    );
    expect(names).toEqual([
      'node_modules/@parcel/watcher',
      'node_modules/@swc/core',
      'node_modules/esbuild',
      'node_modules/lefthook',
      'node_modules/msgpackr-extract',
    ]);
  });
});
