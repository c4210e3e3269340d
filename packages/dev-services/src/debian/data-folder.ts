/** Where an instance keeps its data inside the tree. */
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requireProgram } from '../external-command.ts';
import type { Instance, ProcessRecord } from '../instance.ts';
import { SERVICE_UID } from './chroot.ts';
import { killWorkersIn } from './processes.ts';

export const dataFolder = (tree: string, instance: Instance): string =>
  join(tree, 'data', instance.id);

/** Makes the data of what isn't alive ready to be worked on, and makes what is missing. */
export async function prepareData(
  instance: Instance,
  tree: string,
  alive: readonly ProcessRecord[],
): Promise<void> {
  const folder = dataFolder(tree, instance);
  const database = join(folder, 'pg');
  const isAlive = (name: ProcessRecord['name']) => alive.some((one) => one.name === name);
  // Somebody may have deleted the state of a running instance.
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
    const copy = join(folder, 'pg.next'); // renamed when whole: a copy cut short is made again
    await requireProgram('cp', ['--archive', join(tree, 'template/pg'), copy]);
    await requireProgram('mv', [copy, database]);
    await requireProgram('chown', [`${SERVICE_UID}:${SERVICE_UID}`, folder, join(folder, 'redis')]);
  }
  await rm(join(database, 'postmaster.pid'), { force: true }); // nobody works in there any more
}
