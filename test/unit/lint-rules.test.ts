import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file of each layer, and an import that the layers forbid. */
const forbidden: readonly (readonly [file: string, specifier: string])[] = [
  ['src/core/planted.ts', '../ports/index.ts'],
  ['src/core/plan/planted.ts', 'node:fs'],
  ['src/ports/planted.ts', '../sync/run/execute-run.ts'],
  ['src/sync/run/planted.ts', '../../mongo/index.ts'],
  ['src/sync/push/planted.ts', '../../manage/find.ts'],
  ['src/notify/planted.ts', '../sync/run/execute-run.ts'],
  ['src/notify/webhook/planted.ts', '../../mongo/index.ts'],
  ['src/notify/mail/planted.ts', '../../outgoing/ways.ts'],
  ['src/manage/stores/planted.ts', '../../http/server.ts'],
  ['src/why/planted.ts', '../manage/find.ts'],
  ['src/directories/planted.ts', '../http/server.ts'],
  ['src/directories/jumpcloud/planted.ts', '../../sync/run/execute-run.ts'],
  ['src/mongo/planted.ts', '../sync/run/execute-run.ts'],
  ['src/presenters/planted.ts', '../mongo/index.ts'],
  ['src/http/api/planted.ts', '../../mongo/index.ts'],
  ['src/cli/commands/planted.ts', '../../http/server.ts'],
  ['src/rehearsal/planted.ts', '../mongo/index.ts'],
  ['src/simulator/api/planted.ts', '../../ports/index.ts'],
  ['src/observability/planted.ts', '../ports/index.ts'],
  ['src/outgoing/planted.ts', '../ports/index.ts'],
  ['jobs/planted.ts', '../src/mongo/index.ts'],
];

let folder: string;
let refused: ReadonlySet<string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-lint-'));
  // Which file imports what needs no types, and the planted files have none.
  const rules = JSON.parse(await readFile('.oxlintrc.json', 'utf8')) as object;
  await writeFile(join(folder, '.oxlintrc.json'), JSON.stringify({ ...rules, options: {} }));
  for (const [file, specifier] of forbidden) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `import '${specifier}';\n`);
  }
  const oxlint = join(process.cwd(), 'node_modules/.bin/oxlint');
  const { stdout } = await run(oxlint, ['--format', 'json'], { cwd: folder }).catch(
    (failed: { readonly stdout: string }) => failed,
  );
  const { diagnostics } = JSON.parse(stdout) as {
    readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
  };
  refused = new Set(
    diagnostics
      .filter(({ code }) => code.includes('no-restricted-imports'))
      .map(({ filename }) => filename.replaceAll('\\', '/')),
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the lint rules of the layers', () => {
  it.each(forbidden)('refuses in %s an import of %s', (file) => {
    expect([...refused].some((name) => name.endsWith(file))).toBe(true);
  });

  it.each(forbidden)('guards a folder that exists: %s', (file) => {
    expect(existsSync(dirname(file))).toBe(true);
  });
});
