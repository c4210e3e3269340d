/**
 * Behaviour of the gateway alone: MongoDB alone on a machine has no transactions, and manages its connections itself.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { deserialize, serialize, UUID } from 'bson';
import type { mongo } from 'mongoose';
import { readMessages } from '../../src/gateway/wire.ts';
import {
  openTestDatabase,
  rejectionOf,
  type TestDatabase,
  uniqueName,
} from './open-test-database.ts';

interface Counter {
  _id: string;
  n: number;
}

let test: TestDatabase;
let counters: mongo.Collection<Counter>;

beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  counters = test.database.collection<Counter>(uniqueName('counters'));
  await counters.insertMany([
    { _id: 'a', n: 0 },
    { _id: 'b', n: 0 },
  ]);
});

const readBoth = async (): Promise<number[]> =>
  (await counters.find().sort({ _id: 1 }).toArray()).map(({ n }) => n);

describe('transactions', () => {
  it('commit all or nothing', async () => {
    if (!test.isGateway) return;
    await test.client.withSession(async (session) => {
      await session.withTransaction(async () => {
        await counters.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session });
        expect(await readBoth()).toEqual([0, 0]); // from outside
        await counters.updateOne({ _id: 'b' }, { $inc: { n: 1 } }, { session });
      });
      expect(await readBoth()).toEqual([1, 1]);
      session.startTransaction();
      await counters.updateOne({ _id: 'a' }, { $inc: { n: 5 } }, { session });
      await session.abortTransaction();
      expect(await readBoth()).toEqual([1, 1]);
    });
  });

  it('read a cursor of many pages', async () => {
    if (!test.isGateway) return;
    await counters.insertMany(Array.from({ length: 200 }, (_, n) => ({ _id: `c${n}`, n })));
    await test.client.withSession(async (session) => {
      session.startTransaction();
      const found = await counters.find({}, { session, sort: { n: 1 }, batchSize: 10 }).toArray();
      expect(found).toHaveLength(202);
      await session.commitTransaction();
    });
  });

  it('end at a write conflict, labelled as worth another try', async () => {
    if (!test.isGateway) return;
    await test.client.withSession(async (winner) =>
      test.client.withSession(async (loser) => {
        winner.startTransaction();
        loser.startTransaction();
        await counters.findOne({ _id: 'a' }, { session: loser });
        await counters.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session: winner });
        await winner.commitTransaction();
        const update = counters.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session: loser });
        const conflict = await rejectionOf(update);
        expect(conflict.code).toBe(112);
        expect(conflict.hasErrorLabel('TransientTransactionError')).toBe(true);
        await loser.abortTransaction();
      }),
    );
    expect(await readBoth()).toEqual([1, 0]);
  });

  it('are gone after an error: nothing of them can be committed', async () => {
    if (!test.isGateway) return;
    await test.client.withSession(async (session) => {
      session.startTransaction();
      await counters.updateOne({ _id: 'b' }, { $inc: { n: 1 } }, { session });
      const insert = counters.insertOne({ _id: 'a', n: 9 }, { session });
      expect((await rejectionOf(insert)).code).toBe(11000);
      expect((await rejectionOf(session.commitTransaction())).code).toBe(251);
    });
    expect(await readBoth()).toEqual([0, 0]);
  });
});

describe('a connection that breaks', () => {
  it('leaves no lock, no change and no cursor behind', async () => {
    if (!test.isGateway) return;
    const socket = await openSocket();
    const collection = counters.collectionName;
    const $db = test.database.databaseName;
    const found = await ask(socket, { find: collection, batchSize: 1, sort: { n: 1 }, $db });
    const updated = await ask(socket, {
      update: collection,
      updates: [{ q: { _id: 'a' }, u: { $inc: { n: 7 } } }],
      $db,
      lsid: { id: new UUID('0'.repeat(32)) },
      txnNumber: 1n,
      startTransaction: true,
      autocommit: false,
    });
    expect(updated).toMatchObject({ ok: 1, n: 1 });
    socket.destroy();
    await counters.updateOne({ _id: 'a' }, { $inc: { n: 1 } }); // waits for the transaction's lock
    expect(await readBoth()).toEqual([1, 0]);
    const readOn = test.database.command({ getMore: found['cursor'].id, collection });
    expect((await rejectionOf(readOn)).code).toBe(43);
  });

  it.each([
    ['a length that is impossible', Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])],
    ['an unknown operation', message({ opCode: 99, payload: Buffer.alloc(8) })],
    [
      'a document that is broken',
      message({ opCode: 2013, payload: Buffer.from([0, 0, 0, 0, 0, 9, 0, 0, 0, 1]) }),
    ],
  ])('is closed, alone, after %s', async (_, bytes) => {
    const socket = await openSocket();
    socket.on('error', () => undefined); // a reset is as good as an end
    const closed = once(socket, 'close');
    socket.write(bytes);
    socket.resume();
    await closed;
    expect(await test.database.command({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  it('gets its answers in order when it asks several things at once', async () => {
    const socket = await openSocket();
    const ping = message({ opCode: 2013, payload: body({ ping: 1, $db: 'admin' }) });
    socket.write(Buffer.concat([ping, ping, ping]));
    let answers = 0;
    for await (const answer of readMessages(socket)) {
      expect(deserialize(answer.subarray(21))).toMatchObject({ ok: 1 });
      answers += 1;
      if (answers === 3) break;
    }
    expect(answers).toBe(3);
  });
});

async function openSocket(): Promise<Socket> {
  const { hostname, port } = new URL(test.mongodbUri);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, command: object): Promise<ReturnType<typeof deserialize>> {
  socket.write(message({ opCode: 2013, payload: body(command) }));
  const [answer] = await once(socket, 'data');
  return deserialize(answer.subarray(21), { promoteLongs: false });
}

function body(command: object): Buffer {
  return Buffer.concat([Buffer.alloc(5), serialize(command)]);
}

function message(given: { readonly opCode: number; readonly payload: Buffer }): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + given.payload.length, 0);
  header.writeInt32LE(given.opCode, 12);
  return Buffer.concat([header, given.payload]);
}
