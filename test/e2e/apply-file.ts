import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rollcall } from './processes.ts';

/** Gives a store a configuration. */
export async function applyFile(
  rollcall: Pick<Rollcall, 'env' | 'ask'>,
  store: string,
  text: string,
): Promise<void> {
  const path = join(tmpdir(), `${rollcall.env['REDIS_PREFIX']}-${store}.yaml`);
  await writeFile(path, `${text}\n`);
  await rollcall.ask(['store', 'apply', store, '-f', path]);
}
