import type { Logger } from 'pino';
import type { Config } from '../../config/load.ts';
import { remarksOn } from '../../config/remarks.ts';
import { describeClocks } from '../core/clocks.ts';
import { ConfigError } from '../core/errors.ts';
import { seeRunbook } from '../core/runbooks.ts';
import type { DirectoryStores } from '../ports/directory-stores.ts';
import { type App, redisSettings } from './compose.ts';
import { databaseClock, redisClock } from './service-clocks.ts';

/** Fails where a service refuses writes; logs what works and needs a person all the same. */
export async function warnAtStart(
  { database, queues, ports: { stores } }: App,
  { config, log }: { readonly config: Config; readonly log: Logger },
): Promise<void> {
  const [ofDatabase, ofRedis] = await Promise.all([
    databaseClock(database),
    redisClock(queues, redisSettings(config)),
  ]);
  for (const { about, message, advice } of remarksOn(config)) {
    log.warn({ setting: about, hint: advice }, `${about}: ${message}.`);
  }
  const clocks = describeClocks([...ofDatabase, ...ofRedis]);
  if (clocks !== null) log.error({ hint: seeRunbook('clock-is-off') }, `Clocks differ: ${clocks}.`);
  const locked = await lockedStores(stores);
  if (locked.length === 0) return;
  log.error(
    { stores: locked, hint: seeRunbook('secrets-keys-lost') },
    'SECRETS_KEYS can’t decrypt the credentials of these stores: their syncs will fail.',
  );
}

/** So many credentials are read at a time. */
const atATime = 50;

/** The names of the stores whose credential can't be decrypted with the present keys. */
async function lockedStores(
  stores: Pick<DirectoryStores, 'list' | 'credential'>,
): Promise<readonly string[]> {
  const all = await stores.list();
  const locked: string[] = [];
  for (let from = 0; from < all.length; from += atATime) {
    await Promise.all(
      all.slice(from, from + atATime).map(async ({ id, name }) => {
        if (!(await canOpen(stores, id))) locked.push(name);
      }),
    );
  }
  return locked.sort();
}

async function canOpen(
  { credential }: Pick<DirectoryStores, 'credential'>,
  id: string,
): Promise<boolean> {
  try {
    await credential(id);
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}
