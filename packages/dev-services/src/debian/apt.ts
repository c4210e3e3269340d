/** Downloads packages of Debian's testing suite with the machine's own apt, without touching its state. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Unavailable } from '../errors.ts';
import { requireProgram, runProgram } from '../external-command.ts';
import type { Report } from '../provider.ts';
import { WAYS_OUT } from '../ways-out.ts';

/** Testing is the first suite to package DocumentDB; its name stays when it becomes stable. */
const SUITE = 'forky';
const KEYRINGS = '/usr/share/keyrings';

/** A folder with apt's lists, cache and archives; apt's own stay as they are. */
export interface AptFolder {
  readonly folder: string;
  readonly options: readonly string[];
}

/** Prepares `folder` and reads the package lists of the suite. Throws Unavailable. */
export async function readPackageLists(folder: string, report: Report): Promise<AptFolder> {
  report(`reading the package lists of Debian ${SUITE}`);
  await mkdir(join(folder, 'lists/partial'), { recursive: true });
  await mkdir(join(folder, 'archives/partial'), { recursive: true });
  await writeFile(join(folder, 'status'), ''); // as if nothing were installed: all dependencies are downloaded
  const keyring = (await readdir(KEYRINGS)).find((name) =>
    name.startsWith('debian-archive-keyring.'),
  );
  if (keyring === undefined) {
    throw new Unavailable(`${KEYRINGS} has no keyring of Debian's archive`, { hint: WAYS_OUT });
  }
  const source = `deb [signed-by=${join(KEYRINGS, keyring)}] ${await findMirror(folder)} ${SUITE} main\n`;
  await writeFile(join(folder, 'sources.list'), source);
  const apt = { folder, options: optionsFor(folder) };
  await runApt(apt, ['update', '--error-on=any']);
  return apt;
}

function optionsFor(folder: string): string[] {
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': folder,
    'Dir::Cache::archives': join(folder, 'archives'),
    'APT::Default-Release': '',
    'APT::Install-Recommends': 'false',
    'APT::Keep-Downloaded-Packages': 'true',
    'APT::Sandbox::User': 'root',
    'Acquire::Retries': '3',
    'Acquire::http::Timeout': '30',
    'Debug::NoLocking': 'true',
  };
  return Object.entries(settings).map(([name, value]) => `-o${name}=${value}`);
}

/** The mirror that this machine already uses. Found without its package lists: a fresh machine has none. */
async function findMirror(folder: string): Promise<string> {
  const printed = await runProgram('apt-get', [
    'update',
    '--print-uris',
    `-oDir::State::lists=${join(folder, 'lists')}`,
  ]);
  const mirror = pickMirror(printed.stdout);
  if (mirror !== undefined) return mirror;
  const said = printed.exitCode === 0 ? '' : `: ${printed.stderr.trim()}`;
  throw new Unavailable(`apt's sources name no Debian mirror${said}`, { hint: WAYS_OUT });
}

/** Picks the mirror of Debian itself from what `apt-get update --print-uris` prints. */
export function pickMirror(printed: string): string | undefined {
  const bases = [...printed.matchAll(/^'([^']+?)\/dists\//gm)].flatMap(([, base]) => base ?? []);
  return (
    bases.find((base) => base.endsWith('/debian')) ??
    bases.find((base) => !base.includes('security'))
  );
}

/** The newest package whose name matches. Throws Unavailable when the suite has none. */
export async function findPackage(apt: AptFolder, pattern: RegExp): Promise<string> {
  const names = await requireProgram('apt-cache', [...apt.options, 'pkgnames', 'postgresql-']);
  const found = names.split('\n').filter((name) => pattern.test(name));
  const newest = found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (newest !== undefined) return newest;
  throw new Unavailable(`Debian ${SUITE} has no package ${pattern.source}`, { hint: WAYS_OUT });
}

/** Downloads packages with all their dependencies; returns the files. Throws Unavailable. */
export async function downloadPackages(
  apt: AptFolder,
  given: { readonly packages: readonly string[]; readonly report: Report },
): Promise<string[]> {
  given.report(
    `downloading ${given.packages.join(', ')} with dependencies (about 150 MB, once a machine)`,
  );
  const progress = createProgress(given.report);
  await runApt(apt, ['-y', '--download-only', 'install', ...given.packages], progress);
  const archives = join(apt.folder, 'archives');
  const names = await readdir(archives);
  return names.filter((name) => name.endsWith('.deb')).map((name) => join(archives, name));
}

/** Reads apt's status lines, `dlstatus:COUNT:PERCENT:TEXT`, and reports every quarter. */
export function createProgress(report: Report): (line: string) => void {
  let reported = 0;
  return (line) => {
    const percent = Number(/^dlstatus:\d+:([\d.]+):/.exec(line)?.[1] ?? 0);
    if (percent < reported + 25 || percent >= 100) return;
    reported = Math.floor(percent / 25) * 25;
    report(`downloaded ${reported} %`);
  };
}

async function runApt(
  apt: AptFolder,
  words: readonly string[],
  onStatus: (line: string) => void = () => undefined,
): Promise<void> {
  const child = spawn('apt-get', ['-q', ...apt.options, '-oAPT::Status-Fd=3', ...words], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
  });
  const complaints: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  const status = child.stdio[3];
  if (status !== null && status !== undefined && 'on' in status) {
    createInterface({ input: status as NodeJS.ReadableStream }).on('line', onStatus);
  }
  const [exitCode] = await once(child, 'close');
  if (exitCode === 0) return;
  throw new Unavailable(`apt-get ${words[0]} failed:\n${complaints.join('').trim()}`, {
    hint: WAYS_OUT,
  });
}
