/** The place of an instance's data inside the tree. */
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requireProgram } from '../external-command.ts';
import type { Instance, ProcessRecord } from '../instance.ts';
import { SERVICE_UID } from './chroot.ts';
import { killWorkersIn } from './processes.ts';

export const dataFolder = (tree: string, instance: Instance): string =>
  join(tree, 'data', instance.id);

/** Prepares the data of the services that don't run, and creates missing folders. */
export async function prepareData(
  instance: Instance,
  tree: string,
  alive: readonly ProcessRecord[],
): Promise<void> {
  const folder = dataFolder(tree, instance);
  const database = join(folder, 'pg');
  const isAlive = (name: ProcessRecord['name']) => alive.some((one) => one.name === name);
  // The state of a running instance may have been deleted.
  if (!isAlive('redis')) await killWorkersIn(join(folder, 'redis'), SERVICE_UID);
  if (isAlive('postgres')) return;
  await killWorkersIn(database, SERVICE_UID);
  if (
    await access(database).then(
      () => false,
      () => true,
    )
  ) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, 'redis'), { recursive: true });
    const copy = join(folder, 'pg.next'); // renamed when whole: an interrupted copy is made again
    await requireProgram('cp', ['--archive', join(tree, 'template/pg'), copy]);
    await requireProgram('mv', [copy, database]);
    await requireProgram('chown', [`${SERVICE_UID}:${SERVICE_UID}`, folder, join(folder, 'redis')]);
  }
  await rm(join(database, 'postmaster.pid'), { force: true }); // no process works in there any more
}
