import type { Logger } from 'pino';
import type { Config } from '../../config/load.ts';
import { remarksOn } from '../../config/remarks.ts';
import { type ClockReading, describeClocks } from '../core/clocks.ts';
import { ConfigError } from '../core/errors.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import { seeRunbook } from '../core/runbooks.ts';
import type { DirectoryStores } from '../ports/directory-stores.ts';
import { type App, redisSettings } from './compose.ts';
import { databaseClock, redisClock } from './service-clocks.ts';

/** What a start found that a person must see to; `/readyz` goes on telling it. */
export interface FoundAtStart {
  readonly clocks: readonly ClockReading[];
  /** The stores whose credential can't be decrypted. */
  readonly locked: readonly DirectoryStore[];
}

/** Fails where a service refuses writes; logs what works and needs a person all the same. */
export async function warnAtStart(
  { database, queues, ports: { stores } }: App,
  { config, log }: { readonly config: Config; readonly log: Logger },
): Promise<FoundAtStart> {
  const [ofDatabase, ofRedis] = await Promise.all([
    databaseClock(database),
    redisClock(queues, redisSettings(config)),
  ]);
  for (const { about, message, advice } of remarksOn(config)) {
    log.warn({ setting: about, hint: advice }, `${about}: ${message}.`);
  }
  const clocks = [...ofDatabase, ...ofRedis];
  const difference = describeClocks(clocks);
  if (difference !== null) {
    log.error({ hint: seeRunbook('clock-is-off') }, `Clocks differ: ${difference}.`);
  }
  const locked = await findLocked(stores, await stores.list());
  if (locked.length > 0) {
    log.error(
      { stores: locked.map(({ name }) => name), hint: seeRunbook('secrets-keys-lost') },
      'SECRETS_KEYS can’t decrypt the credentials of these stores: their syncs will fail.',
    );
  }
  return { clocks, locked };
}

/** So many credentials are read at a time. */
const atATime = 50;

/** Those of the stores whose credential can't be decrypted with the present keys. */
export async function findLocked(
  stores: Pick<DirectoryStores, 'credential'>,
  all: readonly DirectoryStore[],
): Promise<readonly DirectoryStore[]> {
  const locked: DirectoryStore[] = [];
  for (let from = 0; from < all.length; from += atATime) {
    const some = all.slice(from, from + atATime);
    const opened = await Promise.all(some.map(({ id }) => canOpen(stores, id)));
    locked.push(...some.filter((_store, index) => opened[index] === false));
  }
  return locked;
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
