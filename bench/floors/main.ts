/*
 * One floor, measured: what the unavoidable input and output of a run takes on this machine, with nothing else.
 *   node --import tsx bench/floors/main.ts FLOOR <task.json >measured.json
 */
import { mongo } from 'mongoose';
import { indexesByCollection } from '../../src/mongo/migrations/indexes.ts';
import type { MemberDocument } from '../../src/mongo/models/member.model.ts';
import type { RecordDocument } from '../../src/mongo/models/record.model.ts';
import { type FloorName, readTask, secondsOf, type Task } from '../measured-process.ts';
import { documentsOf } from './documents.ts';
import { fetchPages } from './fetch-pages.ts';
import { OverlappedInserts } from './insert-overlapped.ts';

const writeBatch = 500;

interface Ground {
  readonly task: Task;
  readonly members: mongo.Collection<MemberDocument>;
  readonly records: mongo.Collection<RecordDocument>;
}

/** The first import comes to a worker that has just started; all else to one that has done that already. */
const floors: Readonly<Record<FloorName, (ground: Ground) => Promise<number>>> = {
  fetch: ({ task }) => secondTime(() => fetchPages(task.source)),
  async import(ground) {
    for (const [name, indexes] of Object.entries(indexesByCollection)) {
      if (name !== 'members' && name !== 'records') continue;
      await ground[name].createIndexes([...indexes]);
    }
    return secondsOf(() => importAll(ground));
  },
  async write({ task, members }) {
    const ids = await members
      .find({}, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .toArray();
    const step = Math.floor(ids.length / task.users);
    const chosen = ids.filter((_, index) => index % step === 0).slice(0, task.users);
    return secondTime(() =>
      updateAll(
        members,
        chosen.map(({ _id }) => _id),
      ),
    );
  },
};

async function secondTime(action: () => Promise<unknown>): Promise<number> {
  await action();
  return secondsOf(action);
}

async function importAll({ task, members, records }: Ground): Promise<void> {
  const inserts = {
    members: new OverlappedInserts(members),
    records: new OverlappedInserts(records),
  };
  const now = new Date();
  let seq = 0;
  await fetchPages(task.source, (rows) => {
    const documents = rows.flatMap((row) => {
      seq += 1;
      return documentsOf(row, { seq, now }) ?? [];
    });
    inserts.members.add(documents.map(({ member }) => member));
    inserts.records.add(documents.map(({ record }) => record));
  });
  await Promise.all([inserts.members.end(), inserts.records.end()]);
}

async function updateAll(members: Ground['members'], ids: readonly string[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(ids.length / writeBatch) }, (_, index) =>
    ids.slice(index * writeBatch, (index + 1) * writeBatch),
  );
  const update = {
    $set: { 'fields.jobTitle': 'Changed', updatedAt: new Date() },
    $inc: { revision: 1 },
  };
  await Promise.all(
    batches.map((batch) =>
      members.bulkWrite(
        batch.map((_id) => ({ updateOne: { filter: { _id }, update } })),
        { ordered: false },
      ),
    ),
  );
}

const name = process.argv[2] as FloorName;
const task = await readTask();
const client = await mongo.MongoClient.connect(task.mongodbUri);
try {
  const database = client.db(task.database);
  const seconds = await floors[name]({
    task,
    members: database.collection('members'),
    records: database.collection('records'),
  });
  console.log(JSON.stringify({ seconds }));
} finally {
  await client.close();
}
