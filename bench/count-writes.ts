import { operate, type Rollcall } from '../test/e2e/processes.ts';
import { onePercentOf, sync } from './rollcall.ts';
import type { SimulatedDirectory } from './simulated-directory.ts';

/** How many documents were written: inserted, deleted, or found by an update. */
export interface Writes {
  readonly noChange: number;
  readonly onePercent: number;
}

/**
 * Counts the documents that an unchanged run and one with 1 % changed write, command and worker together, by what
 * the database answered to each write: the driver logs that when it is asked to. These are runs of their own,
 * since logging takes time.
 */
export async function countWrites(
  rollcall: Rollcall,
  directory: SimulatedDirectory,
): Promise<Writes> {
  const logging = operate({
    ...(rollcall.env as Record<string, string>),
    MONGODB_LOG_COMMAND: 'debug',
    MONGODB_LOG_MAX_DOCUMENT_LENGTH: '10000',
  });
  const count = async (what: Parameters<typeof sync>[1]): Promise<number> => {
    const worker = await logging.serve('worker');
    const { length } = worker.said();
    const { said } = await sync(logging, what);
    // What is written when the run has ended, such as the lease's end, is over when the worker is.
    await worker.stop();
    return writesIn(said) + writesIn(worker.said().slice(length));
  };
  const changed = onePercentOf(directory);
  try {
    const noChange = await count({ count: 'update', expected: 0 });
    await directory.changeTitles(changed);
    return { noChange, onePercent: await count({ count: 'update', expected: changed }) };
  } finally {
    await logging.close();
  }
}

/** What the driver logs of a write that the database has answered. */
const answeredWrite =
  /commandName: '(?:insert|update|delete|findAndModify|bulkWrite)'.*message: 'Command succeeded'.*"n":(\d+)/g;

function writesIn(log: string): number {
  return [...log.matchAll(answeredWrite)].reduce((sum, [, written]) => sum + Number(written), 0);
}
