/*
 * A stand-in for mongodump and mongorestore, which no registry has: it takes the options of the
 * runbook and prints their messages. The archive is BSON of its own, which the real ones can't
 * read.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { mongo } from 'mongoose';

interface Collection {
  readonly name: string;
  readonly documents: mongo.Document[];
}

async function dump(db: mongo.Db, file: string): Promise<void> {
  const collections: Collection[] = [];
  for (const { name } of await db.listCollections().toArray()) {
    const documents = await db.collection(name).find().toArray();
    collections.push({ name, documents });
    say(`done dumping ${db.databaseName}.${name} (${documents.length} documents)`);
  }
  writeFileSync(file, gzipSync(mongo.BSON.serialize({ collections })), { mode: 0o600 });
}

/** Existing documents stay: they count as failed. */
async function restore(db: mongo.Db, file: string): Promise<void> {
  const { collections } = mongo.BSON.deserialize(gunzipSync(readFileSync(file)));
  let restored = 0;
  let failed = 0;
  for (const { name, documents } of collections as Collection[]) {
    for (const document of documents) {
      try {
        await db.collection(name).insertOne(document);
        restored += 1;
      } catch (error) {
        if (!(error instanceof mongo.MongoServerError)) throw error;
        failed += 1;
      }
    }
    say(`finished restoring ${db.databaseName}.${name}`);
  }
  say(`${restored} document(s) restored successfully. ${failed} document(s) failed to restore.`);
}

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString()}\t${text}\n`);
}

const text = { type: 'string', default: '' } as const;
const [command, ...args] = process.argv.slice(2);
const { values } = parseArgs({
  args,
  options: { uri: text, archive: text, db: text, nsInclude: text, gzip: { type: 'boolean' } },
});
const client = await mongo.MongoClient.connect(values.uri);
const work = command === 'dump' ? dump : restore;
const name = command === 'dump' ? values.db : values.nsInclude.replace(/[.][*]$/, '');
try {
  await work(client.db(name), values.archive);
} finally {
  await client.close();
}
