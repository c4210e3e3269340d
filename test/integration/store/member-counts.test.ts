import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { aMember, aNewStore } from '../../builders/models.ts';
import { reportingCommands, watchCommands } from '../../fakes/watch-commands.ts';
import { testServices } from '../../setup/services.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

const program = join(__dirname, 'insert-until-killed.ts');
const settledMs = 61_000;

describe('the kept counts of members', () => {
  let db: TestDatabase;
  let storeId: string;
  beforeAll(async () => {
    db = await openTestDatabase(reportingCommands(testServices().mongodbUri));
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    await db.empty();
    storeId = (await db.stores.create(aNewStore())).id;
  });

  const member = (name: string, parts: Parameters<typeof aMember>[0] = {}) =>
    aMember({
      id: `m.${name}`,
      storeId,
      externalId: name,
      emailKey: `${name}@acme.test`,
      lastRecord: `r.${name}`,
      ...parts,
    });
  const counts = () => db.members.counts(storeId);
  const truth = async () => {
    const of = (status: string) => db.raw('members').countDocuments({ storeId, status });
    return { active: await of('active'), inactive: await of('inactive') };
  };
  const kept = async () => (await db.raw('stores').findOne({}))?.['memberCounts'] ?? null;

  it('are read again from the store once all writes before have ended', async () => {
    await db.members.insertMany([member('a'), member('b', { status: 'inactive' })]);
    expect(await counts()).toEqual({ active: 1, inactive: 1 });
    expect(await kept()).toBeNull();
    db.clock.advance(settledMs);
    expect(await counts()).toEqual({ active: 1, inactive: 1 });
    expect(await kept()).toMatchObject({ active: 1, inactive: 1 });
    const steps = await watchCommands(db.connection).stepsOf(counts);
    expect(steps).toEqual([['stores.find']]);
  });

  it('are counted anew after each kind of write that changes them', async () => {
    const settle = async () => {
      db.clock.advance(settledMs);
      await counts();
      expect(await kept()).toMatchObject(await truth());
    };
    await db.members.insertMany([member('a'), member('b'), member('c', { storeId: null })]);
    await settle();
    const change = (name: string, set: object) => ({
      id: `m.${name}`,
      fromRevision: 1,
      recordId: `s.${name}`,
      set: { fingerprint: null, ...set },
    });
    await db.members.updateMany([change('a', { status: 'inactive' })]);
    expect(await counts()).toEqual({ active: 1, inactive: 1 });
    await settle();
    await db.members.updateMany([change('c', { storeId })]);
    expect(await counts()).toEqual({ active: 2, inactive: 1 });
    await settle();
    await db.members.deleteMany([{ id: 'm.b', fromRevision: 1, recordId: 's.b' }]);
    expect(await counts()).toEqual({ active: 1, inactive: 1 });
  });

  it('are the truth while a process writes that is killed at any moment, and afterwards', async () => {
    const { mongodbUri } = testServices();
    for (let round = 1; round <= 5; round += 1) {
      db.clock.nowMs = Date.now();
      const args = ['--import', 'tsx', program, mongodbUri, db.connection.name, storeId];
      const writer = spawn(process.execPath, [...args, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(writer, 'exit');
      await once(writer.stdout, 'data');
      // Readers that keep what they count come between mark and write too.
      for (let reads = 0; reads < 5; reads += 1) {
        await counts();
        await wait(randomInt(5, 60));
      }
      writer.kill('SIGKILL');
      await ended;
      db.clock.nowMs = Date.now();
      const found = await truth();
      expect(found.active + found.inactive).toBeGreaterThan(0);
      expect(await counts()).toEqual(found);
      db.clock.advance(settledMs);
      await counts();
      expect(await kept()).toMatchObject(found);
    }
  });
});
