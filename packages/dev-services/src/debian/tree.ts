/**
 * The private root folder with Debian's redis-server, PostgreSQL and DocumentDB. It's installed once
 * a machine and shared by all instances; each keeps its data in a folder of its own inside.
 */
import {
  access,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { requireProgram } from '../external-command.ts';
import { takeLock } from '../lock.ts';
import type { Report } from '../provider.ts';
import { downloadPackages, findPackage, readPackageLists } from './apt.ts';
import { SERVICE_UID } from './chroot.ts';
import { createTemplate } from './postgres.ts';

/** Raise it when the installed packages change: the next start then installs again, beside the old tree. */
const LAYOUT = 1;

/** Files that nothing here reads, a fifth of the whole. */
const UNUSED = ['doc', 'man', 'locale', 'i18n', 'fonts', 'icons', 'lintian'];

/** Returns the installed tree, after installing it if need be. Two at once are safe: the second waits. */
export async function ensureTree(report: Report): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'); // empty counts as unset
  const folder = join(cache, 'rollcall', 'services');
  await mkdir(folder, { recursive: true });
  const tree = join(await realpath(folder), `tree-${LAYOUT}`); // as /proc names the folders of processes
  if (await exists(tree)) return tree;
  const unlock = await takeLock(join(folder, 'install.lock'), {
    wait: true,
    onWait: () => report('waiting for another installation on this machine to end'),
  });
  try {
    if (!(await exists(tree))) await install({ folder, tree, report });
    return tree;
  } finally {
    await unlock?.();
  }
}

async function install(given: { folder: string; tree: string; report: Report }): Promise<void> {
  const { folder, tree, report } = given;
  report(`installing Redis and DocumentDB into ${folder} (once a machine, nothing system-wide)`);
  await removeUnfinished(folder);
  const work = await mkdtemp(join(folder, 'unfinished-'));
  try {
    const apt = await readPackageLists(join(work, 'apt'), report);
    const documentdb = await findPackage(apt, /^postgresql-\d+-documentdb$/);
    const packages = [documentdb, 'redis-server', 'dash', 'coreutils'];
    const archives = await downloadPackages(apt, { packages, report });
    report(`unpacking ${archives.length} packages`);
    const next = join(work, 'tree');
    for (const archive of archives) await requireProgram('dpkg', ['--extract', archive, next]);
    await furnish(next);
    report('preparing the database');
    await createTemplate(next);
    await rename(next, tree);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  report('installed');
}

/** Removes what a killed installation left. The caller holds the lock, so no other process works in there. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('unfinished-')) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Adds what packages get from their install scripts or from the system: shell, devices, users. */
async function furnish(tree: string): Promise<void> {
  const inTree = (path: string): string => join(tree, path);
  for (const name of UNUSED)
    await rm(inTree(`usr/share/${name}`), { recursive: true, force: true });
  for (const name of ['bin', 'lib', 'lib64', 'sbin']) {
    if (!(await exists(inTree(name)))) await symlink(`usr/${name}`, inTree(name));
  }
  await rm(inTree('usr/bin/sh'), { force: true });
  await symlink('dash', inTree('usr/bin/sh'));
  await rm(inTree('tmp'), { recursive: true, force: true });
  for (const name of ['tmp', 'dev', 'data', 'etc', 'template']) {
    await mkdir(inTree(name), { recursive: true });
  }
  await requireProgram('chmod', ['1777', inTree('tmp')]);
  for (const [name, minor] of Object.entries({ null: 3, zero: 5, random: 8, urandom: 9 })) {
    await requireProgram('mknod', ['-m', '666', inTree(`dev/${name}`), 'c', '1', String(minor)]);
  }
  await writeFile(
    inTree('etc/passwd'),
    `root:x:0:0::/root:/bin/sh\npostgres:x:${SERVICE_UID}:${SERVICE_UID}::/data:/bin/sh\n`,
  );
  await writeFile(inTree('etc/group'), `root:x:0:\npostgres:x:${SERVICE_UID}:\n`);
  await writeFile(inTree('etc/hosts'), '127.0.0.1 localhost\n');
  await chown(inTree('data'), SERVICE_UID, SERVICE_UID);
  await chown(inTree('template'), SERVICE_UID, SERVICE_UID);
  await nameGeographyExtension(tree);
}

/** DocumentDB asks for the extension `postgis`; Debian's package registers the name with its install script. */
async function nameGeographyExtension(tree: string): Promise<void> {
  const versions = join(tree, 'usr/share/postgresql');
  for (const version of await readdir(versions)) {
    const folder = join(versions, version, 'extension');
    const names = await readdir(folder).catch((): string[] => []);
    if (names.includes('postgis.control') || !names.includes('postgis-3.control')) continue;
    await symlink('postgis-3.control', join(folder, 'postgis.control'));
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
