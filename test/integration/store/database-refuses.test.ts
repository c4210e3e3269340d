import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { Unavailable } from '../../../src/core/errors.ts';
import { connectDatabase } from '../../../src/mongo/connection.ts';
import { createStores } from '../../../src/mongo/index.ts';
import { migrate } from '../../../src/mongo/migrations/migrate.ts';
import { createSecretBox } from '../../../src/mongo/secret-box.ts';
import { startLimitedDatabase, unauthorized } from '../../fakes/limited-database.ts';
import { testServices, uniqueName } from '../../setup/services.ts';

const name = uniqueName('refuses');
const writes = ['insert', 'update', 'delete', 'findAndModify', 'createIndexes', 'create'];

afterAll(async () => {
  const database = await connectDatabase({ uri: testServices().mongodbUri, database: name });
  await database.connection.dropDatabase();
  await database.close();
});

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'it went well',
    (error: unknown) => error,
  );
}

/** What is said where nothing can be done with such an address. */
async function connectTo(uri: string): Promise<unknown> {
  return errorOf(
    connectDatabase({ uri, database: name, timeoutMs: 1000 }).then((database) => database.close()),
  );
}

describe('a database whose user may only read', () => {
  it('says so at the start, at the check, and wherever something is written', async () => {
    const limited = await startLimitedDatabase(testServices().mongodbUri, (command) =>
      writes.includes(command) ? unauthorized(command) : null,
    );
    const database = await connectDatabase({ uri: limited.uri, database: name });
    const secretBox = createSecretBox([{ id: 'k1', key: Buffer.alloc(32) }]);
    const clock = { now: () => new Date() };
    const { leases, runs } = createStores({ database, secretBox, clock });
    const found = await errorOf(database.probe());
    const all = [
      found,
      await errorOf(migrate(database)),
      await errorOf(leases.acquire({ storeId: 's', holder: 'h', ttlMs: 1 })),
    ];
    expect(await runs.get('none')).toBeNull();
    await database.close();
    await limited.close();
    for (const said of all) {
      expect(said).toBeInstanceOf(Unavailable);
      expect(said).toMatchObject({
        message: expect.stringMatching(
          /^The database( at \S+)? does not let its user do what Rollcall must\.$/,
        ),
        hint: expect.stringMatching(/create-users\.js.* docs\/runbooks\/services-refuse\.md$/),
      });
    }
    expect(String(found)).toContain('at 127.0.0.1:');
  });
});

describe('a database that takes writes', () => {
  it('tells its time, and stays as it was', async () => {
    const database = await connectDatabase({ uri: testServices().mongodbUri, database: name });
    await database.connection.collection('runs').insertOne({ is: 'the only one' });
    expect(await database.probe()).toBeInstanceOf(Date);
    expect(await database.connection.collection('runs').countDocuments()).toBe(1);
    expect(await database.connection.collection('leases').countDocuments()).toBe(0);
    await database.close();
  });
});

describe('a connection string that is wrong', () => {
  it.each([
    { code: 18, codeName: 'AuthenticationFailed', errmsg: 'Authentication failed.' },
    { code: 8000, codeName: 'AtlasError', errmsg: 'bad auth : Authentication failed.' },
  ])('has another password: code $code', async (refusal) => {
    const limited = await startLimitedDatabase(testServices().mongodbUri, (command) =>
      command === 'saslStart' ? { ok: 0, ...refusal } : null,
    );
    const uri = limited.uri.replace('://', '://ada:hunter2@');
    const said = await connectTo(uri);
    await limited.close();
    expect(said).toBeInstanceOf(Unavailable);
    expect(said).toMatchObject({
      message: expect.stringContaining('refuses the name or the password of its user'),
      hint: expect.stringContaining('authSource'),
    });
    expect(String(said)).not.toContain('hunter2');
    expect(said).toMatchObject({ hint: expect.not.stringContaining('Start MongoDB') });
  });

  it('names no user where the server wants one', async () => {
    const limited = await startLimitedDatabase(testServices().mongodbUri, (command) =>
      command === 'hello' || command === 'ismaster' || command === 'ping'
        ? null
        : unauthorized(command),
    );
    const database = await connectDatabase({ uri: limited.uri, database: name });
    const said = await errorOf(database.probe());
    await database.close();
    await limited.close();
    expect(said).toMatchObject({ message: expect.stringContaining('does not let its user') });
  });

  it('names another replica set', async () => {
    const { mongodbUri } = testServices();
    const said = await connectTo(`${mongodbUri}?replicaSet=rs9`);
    expect(said).toMatchObject({
      message: expect.stringContaining('is not of the replica set "rs9" that MONGODB_URI names'),
      hint: expect.stringContaining('Correct replicaSet in MONGODB_URI'),
    });
  });

  it('leads straight to a secondary', async () => {
    const limited = await startLimitedDatabase(testServices().mongodbUri, (command) =>
      command === 'update' ? { ok: 0, code: 10107, errmsg: 'not primary' } : null,
    );
    const database = await connectDatabase({ uri: limited.uri, database: name });
    const said = await errorOf(database.probe());
    await database.close();
    await limited.close();
    expect(said).toMatchObject({
      message: expect.stringContaining('is a secondary and takes no writes'),
      hint: expect.stringContaining('without directConnection'),
    });
  });

  it('asks a server for TLS that speaks none', async () => {
    const { mongodbUri } = testServices();
    const said = await connectTo(`${mongodbUri}?tls=true`);
    expect(said).toMatchObject({
      hint: expect.stringMatching(/take tls=true out of MONGODB_URI/i),
    });
  });

  it('asks a server without TLS that speaks nothing else, or does not trust it', async () => {
    const [cert, key] = ['certificate', 'key'].map((file) =>
      readFileSync(`test/fixtures/tls/${file}.pem`),
    );
    const server = createServer({ cert, key });
    server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const uri = `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const plain = await connectTo(uri);
    const untrusted = await connectTo(`${uri}?tls=true`);
    server.close();
    expect(plain).toMatchObject({ hint: expect.stringContaining('add tls=true to MONGODB_URI') });
    expect(untrusted).toMatchObject({
      message: expect.stringContaining('cannot be trusted: check its certificate'),
    });
  });
});
