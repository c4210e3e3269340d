import type { Logger } from 'pino';
import type { Config } from '../../config/load.ts';
import type { RequestEvent } from '../directories/http/client.ts';
import { createConnectDirectory, createConnectPushed, directories } from '../directories/index.ts';
import { createExpressions } from '../expressions/index.ts';
import { connectDatabase, type Database } from '../mongo/connection.ts';
import { createStores } from '../mongo/index.ts';
import { migrate } from '../mongo/migrations/migrate.ts';
import { createSecretBox } from '../mongo/secret-box.ts';
import { alertsTo } from '../notify/alert-channels.ts';
import { createLookUpTxt } from '../notify/mail/look-up-txt.ts';
import type { Clock } from '../ports/clock.ts';
import type { PortsWithoutQueue } from '../ports/index.ts';
import { openSenders } from './open-senders.ts';

/** All parts but the queue: what commands need that give no work to workers. */
export interface AppWithoutQueue {
  readonly ports: PortsWithoutQueue;
  readonly database: Database;
  /** Signs the cookie of a sign-in that is under way; derived, so that it can't decrypt what the first key encrypts. */
  readonly cookieKey: Buffer;
  /** Where people and directories reach this installation. */
  readonly publicUrl: string;
  /** Ends the evaluation of expressions: what waits for one fails. */
  endExpressions(): void;
  close(): Promise<void>;
}

const namesClash =
  'The names of these stores differ in case alone. They work; rename all but one: PATCH /api/v1/stores/ID.';

const clock: Clock = { now: () => new Date() };

/**
 * Connects to the database, creates the missing indexes, and builds the ports on it. `Unavailable`
 * when it can't be reached. `onRequest` is called for every request to a directory.
 */
export async function openDatabase(
  config: Config,
  log: Logger,
  onRequest?: (event: RequestEvent) => void,
): Promise<AppWithoutQueue> {
  const { mongodbUri: uri, mongodbDatabase: name } = config;
  const database = await connectDatabase({ uri, database: name, log });
  const expressions = createExpressions();
  const closers: (() => void)[] = [];
  const close = async (): Promise<void> => {
    expressions.close();
    for (const closePart of closers) closePart();
    await database.close();
  };
  try {
    for (const names of await migrate(database)) log.warn({ names }, namesClash);
    const secretBox = createSecretBox(config.secretsKeys);
    const stores = createStores({ database, secretBox, clock, roles: config.roles });
    const senders = openSenders(config, clock);
    closers.push(senders.close);
    const source = {
      origins: config.sourceOrigins,
      retryBudgetMs: config.sourceRetryBudgetMs,
      requestTimeoutMs: config.sourceRequestTimeoutMs,
      timeLimitMs: config.sourceTimeLimitMs,
      mostUsers: config.sourceMostUsers,
      proxies: config.proxies,
    };
    return {
      ports: {
        ...stores,
        alerts: alertsTo(stores.alerts, senders.alertSenders),
        notices: config.mail === undefined ? { ...stores.notices, isSilent: true } : stores.notices,
        alertSenders: senders.alertSenders,
        sendMail: senders.sendMail,
        lookUpTxt: createLookUpTxt(config.dnsServers),
        clock,
        random: Math.random,
        directories,
        connectPushed: createConnectPushed(stores.scim),
        expressions,
        connectDirectory: createConnectDirectory(source, {
          now: () => performance.now(),
          random: Math.random,
          onRequest,
        }),
      },
      database,
      cookieKey: secretBox.deriveKey('session cookie'),
      publicUrl: config.publicUrl,
      endExpressions: () => expressions.close(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
