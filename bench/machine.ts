import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import type { ServiceUris } from '@rollcall/dev-services';
import { Redis } from 'ioredis';
import { mongo } from 'mongoose';
import { z } from 'zod';
import type { BenchResult } from './result.ts';

const packageSchema = z.object({ version: z.string() });

export function describeMachine(): BenchResult['machine'] {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    os: `${type()} ${release().split('.').slice(0, 2).join('.')}`,
  };
}

export async function readVersions(services: ServiceUris): Promise<BenchResult['versions']> {
  return {
    node: process.versions.node,
    rollcall: packageSchema.parse(JSON.parse(readFileSync('package.json', 'utf8'))).version,
    database: await readDatabaseVersion(services.mongodbUri),
    redis: await readRedisVersion(services.redisUrl),
  };
}

/** The gateway of packages/dev-services answers as a MongoDB, but has no build of one. */
async function readDatabaseVersion(uri: string): Promise<string> {
  const client = await mongo.MongoClient.connect(uri);
  try {
    const { version, gitVersion } = await client.db('admin').command({ buildInfo: 1 });
    return gitVersion === undefined
      ? `DocumentDB (answers as MongoDB ${version})`
      : `MongoDB ${version}`;
  } finally {
    await client.close();
  }
}

async function readRedisVersion(url: string): Promise<string> {
  const redis = new Redis(url);
  try {
    const [, version = 'unknown'] = /^redis_version:(\S+)/m.exec(await redis.info()) ?? [];
    return `Redis ${version}`;
  } finally {
    redis.disconnect();
  }
}
