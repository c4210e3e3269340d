import { randomInt } from 'node:crypto';
import { connectDatabase } from '../../../src/mongo/connection.ts';
import { createStores } from '../../../src/mongo/index.ts';
import { createSecretBox } from '../../../src/mongo/secret-box.ts';
import { aMember } from '../../builders/models.ts';

/*
 * A process that adds and deactivates members of a store until it is killed:
 * `tsx insert-until-killed.ts URI DATABASE STORE ROUND`. It says `writing` when it begins.
 */
const [uri = '', name = '', storeId = '', round = ''] = process.argv.slice(2);
const database = await connectDatabase({ uri, database: name });
const { members } = createStores({
  database,
  secretBox: createSecretBox([{ id: 'k1', key: Buffer.alloc(32, 7) }]),
  clock: { now: () => new Date() },
});
process.stdout.write('writing\n');
for (let batch = 1; ; batch += 1) {
  const some = Array.from({ length: randomInt(1, 60) }, (_, at) => {
    const id = `${round}.${batch}.${at}`;
    const emailKey = `${id}@acme.test`;
    return aMember({ id, storeId, externalId: id, emailKey, lastRecord: `r.${id}` });
  });
  await members.insertMany(some);
  await members.updateMany(
    some.slice(0, 5).map(({ id }) => ({
      id,
      fromRevision: 1,
      recordId: `d.${id}`,
      set: { status: 'inactive' as const, fingerprint: null },
    })),
  );
}
