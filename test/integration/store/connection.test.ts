import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { startForwarder } from '@rollcall/dev-services';
import { ConfigError, Unavailable } from '../../../src/core/errors.ts';
import { connectDatabase } from '../../../src/mongo/connection.ts';
import { createStores } from '../../../src/mongo/index.ts';
import { createSecretBox } from '../../../src/mongo/secret-box.ts';
import { testServices } from '../../setup/services.ts';

async function failureOf(work: Promise<unknown>): Promise<Unavailable> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Unavailable) return error;
    throw error;
  }
  throw new Error('it went well');
}

describe('connectDatabase', () => {
  it('connects, answers a ping, and closes', async () => {
    const database = await connectDatabase({
      uri: testServices().mongodbUri,
      database: 'rollcall_test_ping',
    });
    await expect(database.ping()).resolves.toBeUndefined();
    expect(database.connection.name).toBe('rollcall_test_ping');
    await database.close();
    await expect(database.ping()).rejects.toBeInstanceOf(Unavailable);
  });

  it.each(['w=0', 'w=1&journal=false', 'readPreference=secondary', 'readConcernLevel=available'])(
    'has writes acknowledged by a majority and reads the primary, also with %s',
    async (option) => {
      const { mongodbUri } = testServices();
      const uri = `${mongodbUri}${mongodbUri.includes('?') ? '&' : '?'}${option}`;
      const database = await connectDatabase({ uri, database: 'rollcall_test_options' });
      const { writeConcern, readPreference, readConcern } = database.connection.getClient().options;
      expect(writeConcern?.w).toBe('majority');
      expect(readPreference?.mode).toBe('primary');
      expect(readConcern?.level).toBe('local');
      const things = database.connection.collection('things');
      expect(await things.insertOne({})).toMatchObject({ acknowledged: true });
      expect(await things.countDocuments()).toBe(1);
      await database.connection.dropDatabase();
      await database.close();
    },
  );

  it('makes every store throw Unavailable when the database is lost later', async () => {
    const { port, hostname } = new URL(testServices().mongodbUri);
    expect(hostname).toBe('127.0.0.1');
    const forwarder = await startForwarder(Number(port));
    const uri = `mongodb://127.0.0.1:${forwarder.port}/?directConnection=true`;
    const lost = await connectDatabase({ uri, database: 'x', timeoutMs: 300 });
    const secretBox = createSecretBox([{ id: 'k1', key: Buffer.alloc(32) }]);
    const { runs } = createStores({ database: lost, secretBox, clock: { now: () => new Date() } });
    await expect(runs.get('none')).resolves.toBeNull();
    await forwarder.close();
    const failure: unknown = await runs.get('none').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unavailable);
    await lost.close();
  });

  it('recovers when all connections close before a command is written to one', async () => {
    const sockets: Socket[] = [];
    const onSocket = (message: unknown) => sockets.push((message as { socket: Socket }).socket);
    subscribe('net.client.socket', onSocket);
    const uri = testServices().mongodbUri;
    const database = await connectDatabase({ uri, database: 'rollcall_test_closed' });
    unsubscribe('net.client.socket', onSocket);
    expect(sockets.length).toBeGreaterThan(1);
    // Closed as the end of the server closes them: each says so only after the running callbacks.
    for (const socket of sockets) socket.destroy();
    const first = await database.ping().then(
      () => 'answered',
      () => 'refused',
    );
    expect(['answered', 'refused']).toContain(first);
    await expect(database.ping()).resolves.toBeUndefined();
    await database.close();
  });

  it('names the host and no credential when nothing listens', async () => {
    const uri = 'mongodb://ada:hunter2@127.0.0.1:1,127.0.0.1:2/?authSource=admin';
    const failure = await failureOf(connectDatabase({ uri, database: 'x', timeoutMs: 300 }));
    expect(failure.message).toContain('The database at 127.0.0.1:1,127.0.0.1:2 ');
    expect(failure.message).not.toMatch(/hunter2|ada/);
    expect(failure.hint).toContain('MONGODB_URI');
  });

  it('gives up on a server that accepts and never answers', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const uri = `mongodb://127.0.0.1:${port}`;
    const failure = await failureOf(connectDatabase({ uri, database: 'x', timeoutMs: 300 }));
    expect(failure.message).toContain(`127.0.0.1:${port}`);
    server.close();
  });

  it.each([
    'mongodb://ada:hunt:er@2@db.example:port',
    'mongodb://ada:hunter2@db.example/?hunter2=1',
    'mongodb://ada:hunter2@db.example/?authMechanism=hunter2',
    'mongodb://ada:hunter2@db.example/?compressors=hunter2',
    'mongodb://db.example/?authMechanism=SCRAM-SHA-1',
    'mongodb://ada:hunter2@db.example/?tls=',
  ])('does not quote a connection string that the driver can’t parse: %s', async (uri) => {
    const connecting = connectDatabase({ uri, database: 'x', timeoutMs: 300 });
    const failure: unknown = await connecting.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as Error).message).toBe(
      "The settings can't be used:\n  MONGODB_URI: malformed.",
    );
    expect(failure).not.toHaveProperty('cause');
  });
});
