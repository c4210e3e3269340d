import { Redis } from 'ioredis';
import type { mongo } from 'mongoose';
import { connectDatabase } from '../../src/mongo/connection.ts';
import type { MemberDocument } from '../../src/mongo/models/member.model.ts';
import type { RecordDocument } from '../../src/mongo/models/record.model.ts';
import type { RunDocument } from '../../src/mongo/models/run.model.ts';
import { eventually, type Installation } from './processes.ts';

/** The stored data of an installation, read directly from the database. */
export interface DatabaseView {
  readonly raw: mongo.Db;
  runs(filter?: mongo.Filter<RunDocument>): Promise<readonly RunDocument[]>;
  run(id: string): Promise<RunDocument>;
  members(): Promise<readonly MemberDocument[]>;
  records(runId: string): Promise<readonly RecordDocument[]>;
  /** All members, records and runs, for a comparison with a later state. */
  everything(): Promise<string>;
  /** Waits until a run meets a condition. */
  until(runId: string, isSo: (run: RunDocument) => boolean): Promise<RunDocument>;
  /**
   * Ends the leases of a killed worker, as time would. Redis is emptied of this installation's keys
   * too, so that no worker waits for the lock of a dead worker's job; the sweeper enqueues the runs
   * again.
   */
  forgetDeadWorkers(): Promise<void>;
  close(): Promise<void>;
}

/** Looks at the data of an installation, in a few milliseconds; a command takes a second of processor time. */
export async function lookAt<T>(
  site: Pick<Installation, 'env'>,
  look: (view: DatabaseView) => Promise<T>,
): Promise<T> {
  const view = await viewDatabase(site);
  try {
    return await look(view);
  } finally {
    await view.close();
  }
}

export async function viewDatabase({ env }: Pick<Installation, 'env'>): Promise<DatabaseView> {
  const database = await connectDatabase({
    uri: env['MONGODB_URI'] ?? '',
    database: env['MONGODB_DATABASE'] ?? '',
  });
  const raw = database.connection.getClient().db(database.connection.name);
  const runs = raw.collection<RunDocument>('runs');
  const members = raw.collection<MemberDocument>('members');
  const records = raw.collection<RecordDocument>('records');
  const run = async (id: string): Promise<RunDocument> => {
    const found = await runs.findOne({ _id: id });
    if (found === null) throw new Error(`there is no run ${id}`);
    return found;
  };
  const sorted = <T extends mongo.Document>(from: mongo.Collection<T>, by: mongo.Filter<T> = {}) =>
    from.find(by).sort({ _id: 1 }).toArray();
  return {
    raw,
    run,
    runs: (filter = {}) => sorted(runs, filter),
    members: () => sorted(members),
    records: (runId) => records.find({ runId }).sort({ seq: 1 }).toArray(),
    async everything() {
      return JSON.stringify([await sorted(members), await sorted(records), await sorted(runs)]);
    },
    until: (id, isSo) =>
      eventually(async () => {
        const found = await run(id);
        return isSo(found) ? found : null;
      }),
    async forgetDeadWorkers() {
      await raw.collection('leases').deleteMany({});
      const redis = new Redis(env['REDIS_URL'] ?? '');
      const keys = await redis.keys(`*${env['REDIS_PREFIX']}*`);
      if (keys.length > 0) await redis.unlink(...keys);
      redis.disconnect();
    },
    close: () => database.close(),
  };
}
