/** What Rollcall needs of its database, whether that is MongoDB or the gateway to DocumentDB. */
import mongoose, { mongo } from 'mongoose';
import {
  openTestDatabase,
  rejectionOf,
  type TestDatabase,
  uniqueName,
} from './open-test-database.ts';

interface Person {
  _id: string | number;
  email?: string;
  store?: number;
  n?: number;
  tags?: string[];
}

let test: TestDatabase;
let people: mongo.Collection<Person>;

beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());
beforeEach(() => {
  people = test.database.collection<Person>(uniqueName('people'));
});

const numbered = (count: number): Person[] =>
  Array.from({ length: count }, (_, n) => ({ _id: n, n: (n * 7919) % count }));

describe('the handshake', () => {
  it('connects a driver and mongoose, and answers ping', async () => {
    const connection = await mongoose.createConnection(test.mongodbUri).asPromise();
    expect(await connection.db?.command({ ping: 1 })).toMatchObject({ ok: 1 });
    await connection.close();
  });
});

describe('reading and writing', () => {
  it('creates, reads, updates and deletes', async () => {
    await people.insertOne({ _id: 'a', n: 1 });
    await people.updateOne({ _id: 'a' }, { $inc: { n: 2 }, $push: { tags: 'x' } });
    expect(await people.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 3, tags: ['x'] });
    expect(await people.deleteOne({ _id: 'a' })).toMatchObject({ deletedCount: 1 });
    expect(await people.countDocuments()).toBe(0);
  });

  it('keeps types and the order of fields', async () => {
    const document = {
      _id: new mongo.ObjectId(),
      long: mongo.Long.fromString('9007199254740993'),
      double: 1.5,
      date: new Date(1_700_000_000_123),
      bytes: new mongo.Binary(Buffer.from([0, 255])),
      nothing: null,
      nested: { z: 1, a: [{ b: 'ä' }] },
    };
    const things = test.database.collection<typeof document>(uniqueName('things'));
    await things.insertOne(document);
    const found = await things.findOne({ _id: document._id }, { promoteLongs: false });
    expect(found).toEqual(document);
    expect(Object.keys(found ?? {})).toEqual(Object.keys(document));
  });

  it('creates a collection once when many insert the first document at once', async () => {
    await Promise.all(numbered(20).map((person) => people.insertOne(person)));
    expect(await people.countDocuments()).toBe(20);
  });

  it('carries a message of many megabytes', async () => {
    const text = 'x'.repeat(1_000_000);
    await people.insertMany(Array.from({ length: 12 }, (_, n) => ({ _id: n, email: text })));
    const found = await people.find().toArray();
    expect(found.map(({ email }) => email?.length)).toEqual(Array(12).fill(text.length));
  });
});

describe('bulkWrite', () => {
  const withDuplicate = [
    { insertOne: { document: { _id: 1 } } },
    { insertOne: { document: { _id: 1 } } },
    { insertOne: { document: { _id: 2 } } },
    { updateOne: { filter: { _id: 3 }, update: { $set: { n: 3 } }, upsert: true } },
  ];

  it('stops at the first error when it is ordered', async () => {
    const error = await rejectionOf(people.bulkWrite(withDuplicate));
    expect(error.code).toBe(11000);
    expect(await people.countDocuments()).toBe(1);
  });

  it('does all the rest when it is unordered', async () => {
    const error = await rejectionOf(people.bulkWrite(withDuplicate, { ordered: false }));
    expect(error.code).toBe(11000);
    expect(await people.distinct('_id')).toEqual([1, 2, 3]);
  });

  it('lets many writers change the same documents in opposite orders', async () => {
    const persons = numbered(200);
    await people.insertMany(persons.map(({ _id }) => ({ _id, n: 0 })));
    const increments = persons.map(({ _id }) => ({
      updateOne: { filter: { _id }, update: { $inc: { n: 1 } } },
    }));
    const backwards = increments.toReversed();
    await Promise.all(
      [increments, backwards, increments, backwards].map((all) => people.bulkWrite(all)),
    );
    expect(await people.distinct('n')).toEqual([4]);
  });

  it('reports what it did', async () => {
    await people.insertMany(numbered(3));
    const result = await people.bulkWrite([
      { updateOne: { filter: { _id: 0 }, update: { $set: { email: 'a' } } } },
      { deleteOne: { filter: { _id: 1 } } },
      { updateOne: { filter: { _id: 'new' }, update: { $set: { n: 9 } }, upsert: true } },
    ]);
    expect(result).toMatchObject({ modifiedCount: 1, deletedCount: 1, upsertedIds: { 2: 'new' } });
  });
});

describe('cursors', () => {
  it.each([
    ['in no order', {}],
    ['sorted', { sort: { n: 1 } as const }],
  ])('give every document once over many pages, %s', async (_, options) => {
    await people.insertMany(numbered(1000));
    const found = await people.find({}, { ...options, batchSize: 30 }).toArray();
    expect(new Set(found.map((person) => person._id)).size).toBe(1000);
    expect(found).toHaveLength(1000);
  });

  it('read side by side, and leave room for others when they are abandoned', async () => {
    await people.insertMany(numbered(100));
    const moreThanAnyPool = 150;
    const cursors = Array.from({ length: moreThanAnyPool }, () =>
      people.find().sort({ n: 1 }).batchSize(2),
    );
    for (const cursor of cursors) await cursor.next();
    const [first, second] = cursors;
    const numbers: unknown[] = [];
    for (let n = 1; n < 6; n += 1)
      numbers.push((await first?.next())?.n, (await second?.next())?.n);
    expect(numbers).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect(await people.countDocuments()).toBe(100);
    await Promise.all(cursors.map((cursor) => cursor.close()));
  });

  it('are unknown once they are closed', async () => {
    await people.insertMany(numbered(10));
    const cursor = people.find().sort({ n: 1 }).batchSize(2);
    await cursor.next();
    const getMore = cursor.id;
    await cursor.close();
    const command = test.database.command({ getMore, collection: people.collectionName });
    expect((await rejectionOf(command)).code).toBe(43);
  });

  it('aggregate over many pages', async () => {
    await people.insertMany(numbered(300));
    const groups = await people
      .aggregate<{ _id: number; count: number }>(
        [{ $group: { _id: { $mod: ['$n', 150] }, count: { $sum: 1 } } }],
        { batchSize: 20 },
      )
      .toArray();
    expect(groups).toHaveLength(150);
    expect(groups.every(({ count }) => count === 2)).toBe(true);
  });
});

describe('duplicate keys', () => {
  beforeEach(async () => {
    await people.createIndex(
      { email: 1 },
      { unique: true, partialFilterExpression: { email: { $type: 'string' } } },
    );
    await people.createIndex(
      { store: 1, n: 1 },
      { unique: true, partialFilterExpression: { store: { $exists: true } } },
    );
    await people.insertOne({ _id: 'a', email: 'a@example.com', store: 1, n: 1 });
  });

  it.each<[string, Person, object, object]>([
    ['_id', { _id: 'a' }, { _id: 1 }, { _id: 'a' }],
    ['one field', { _id: 'b', email: 'a@example.com' }, { email: 1 }, { email: 'a@example.com' }],
    ['two fields', { _id: 'b', store: 1, n: 1 }, { store: 1, n: 1 }, { store: 1, n: 1 }],
  ])('name the index that an insert violates: %s', async (_, person, keyPattern, keyValue) => {
    const error = await rejectionOf(people.insertOne(person));
    expect(error).toMatchObject({ code: 11000, keyPattern, keyValue });
    expect(error.message).toContain('E11000 duplicate key error');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['updateOne', () => people.updateOne({ _id: 'b' }, { $set: { email: 'a@example.com' } })],
    [
      'findOneAndUpdate',
      () => people.findOneAndUpdate({ _id: 'b' }, { $set: { email: 'a@example.com' } }),
    ],
    [
      'an upsert',
      () =>
        people.findOneAndUpdate(
          { _id: 'c' },
          { $set: { email: 'a@example.com' } },
          { upsert: true },
        ),
    ],
  ])('are 11000 in %s', async (_, write) => {
    await people.insertOne({ _id: 'b' });
    expect(await rejectionOf(write())).toMatchObject({ code: 11000, keyPattern: { email: 1 } });
  });

  it('hold only where the partial filter applies', async () => {
    await people.insertMany([{ _id: 'b' }, { _id: 'c' }, { _id: 'd' }]);
    expect(await people.countDocuments({ email: { $exists: false } })).toBe(3);
  });

  it('are exactly those that an unordered insertMany reports', async () => {
    const isDuplicate = (n: number): boolean => n % 100 === 7;
    const persons = Array.from({ length: 1500 }, (_, n) => ({
      _id: n,
      email: isDuplicate(n) ? 'a@example.com' : `${n}@example.com`,
    }));
    const error = await rejectionOf(people.insertMany(persons, { ordered: false }));
    const reported = error instanceof mongo.MongoBulkWriteError ? [error.writeErrors].flat() : [];
    expect(reported.map(({ index }) => index)).toEqual(
      persons.map(({ _id }) => _id).filter(isDuplicate),
    );
    expect(new Set(reported.map(({ code }) => code))).toEqual(new Set([11000]));
    expect(await people.countDocuments()).toBe(1 + 1500 - 15);
  });
});

describe('findAndModify', () => {
  it('lets one of many upserts create the document, and loses no update', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        people.findOneAndUpdate(
          { _id: 'a' },
          { $inc: { n: 1 } },
          { upsert: true, returnDocument: 'after' },
        ),
      ),
    );
    const answered = results.filter(({ status }) => status === 'fulfilled').length;
    expect(await people.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: answered });
    expect(answered).toBe(20);
  });

  it('lets one of many take a lease', async () => {
    await people.insertOne({ _id: 'lease', n: 0 });
    const taken = await Promise.all(
      Array.from({ length: 10 }, () =>
        people.findOneAndUpdate({ _id: 'lease', n: 0 }, { $set: { n: 1 } }),
      ),
    );
    expect(taken.filter((lease) => lease !== null)).toHaveLength(1);
  });
});

describe('collections and indexes', () => {
  it('lists collections by name', async () => {
    await people.insertOne({ _id: 1 });
    const name = people.collectionName;
    const listed = await test.database.listCollections({ name }, { nameOnly: true }).toArray();
    expect(listed).toEqual([{ name, type: 'collection' }]);
    expect(await test.database.listCollections({ name: 'absent' }).toArray()).toEqual([]);
  });

  it('creates an index that is there already without complaint, also from many at once', async () => {
    const create = (): Promise<string> => people.createIndex({ n: 1 }, { name: 'by_n' });
    await Promise.all([create(), create(), create()]);
    expect(await create()).toBe('by_n');
    expect((await people.indexes()).map(({ name }) => name)).toEqual(['_id_', 'by_n']);
    await people.dropIndex('by_n');
    expect((await people.indexes()).map(({ name }) => name)).toEqual(['_id_']);
  });

  it('refuses another index under a name that is taken', async () => {
    await people.createIndex({ n: 1 }, { name: 'index' });
    const error = await rejectionOf(people.createIndex({ email: 1 }, { name: 'index' }));
    expect([85, 86]).toContain(error.code);
  });

  it('explains by which index it finds what is asked for', async () => {
    // The planner scans a small collection, whatever the indexes: there must be something to skip.
    await people.insertMany(numbered(3000));
    const indexOf = async (query: mongo.Filter<Person>) =>
      /"(?:Index Name|indexName)":"([^"]+)"/.exec(
        JSON.stringify(await people.find(query).explain()),
      )?.[1];
    expect(await indexOf({ _id: 3 })).toBe('_id_');
    expect(await indexOf({ n: 3 })).not.toBe('by_n');
    await people.createIndex({ n: 1 }, { name: 'by_n' });
    expect(await indexOf({ n: 3 })).toBe('by_n');
  });

  it('answers a command that it does not know with CommandNotFound', async () => {
    const error = await rejectionOf(test.database.command({ noSuchCommand: 1 }));
    expect(error).toMatchObject({ code: 59, codeName: 'CommandNotFound' });
  });

  it('refuses an operator that it does not know with BadValue', async () => {
    const query = people.find({ $noSuchOperator: 1 } as mongo.Filter<Person>).toArray();
    expect((await rejectionOf(query)).code).toBe(2);
  });
});
