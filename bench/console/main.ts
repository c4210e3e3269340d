/*
 * How long the console waits for the API, with many members, many records of one run, and many stores. Requests go one at
 * a time to a process that serves the API and works.
 *   npm run bench:console -- [members] [stores]
 */
import { readFileSync } from 'node:fs';
import { mongo } from 'mongoose';
import { applyFile } from '../../test/e2e/apply-file.ts';
import type { Rollcall } from '../../test/e2e/processes.ts';
import { secondsOf } from '../measured-process.ts';
import { openRollcall } from '../rollcall.ts';
import { startSimulatedDirectory } from '../simulated-directory.ts';

const members = Number(process.argv[2] ?? 100_000);
const stores = Number(process.argv[3] ?? 50);
const warmUps = 3;
const times = 40;

const mongodbUri = process.env['MONGODB_URI'] ?? 'mongodb://127.0.0.1:27017/';
const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const say = (line: string): void => void process.stderr.write(`${line}\n`);

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}
type Ask = (asked: Asked) => Promise<string>;

const directory = await startSimulatedDirectory({ users: members, latencyMs: 0 });
const site = openRollcall({ mongodbUri, redisUrl }, directory);
try {
  const all = await site.serve('all');
  const url = /"address":"([^"]+)"/.exec(all.said())?.[1] ?? '';
  const runId = await fill(site);
  const { token } = await site.ask<{ token: string }>([
    'token',
    'create',
    '--role',
    'owner',
    '--name',
    'bench',
  ]);
  const ask: Ask = async ({ method, path, body }) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text;
  };
  process.stdout.write(`| request | median | p95 |\n| --- | --- | --- |\n`);
  for (const [name, asked] of Object.entries(await lists(ask, runId))) {
    const seconds: number[] = [];
    for (let nth = 0; nth < warmUps + times; nth += 1) {
      const took = await secondsOf(() => ask(asked));
      if (nth >= warmUps) seconds.push(took);
    }
    const sorted = seconds.toSorted((a, b) => a - b);
    const ms = (share: number) =>
      `${((sorted[Math.ceil(times * share) - 1] ?? 0) * 1000).toFixed(0)} ms`;
    process.stdout.write(`| ${name} | ${ms(0.5)} | ${ms(0.95)} |\n`);
  }
  await measureExports(ask, { runId, pid: all.pid });
} finally {
  await site.close();
  await directory.close();
}

/** Imports all people, then changes a field of each: returns that run. Adds the other stores, without members. */
async function fill(rollcall: Rollcall): Promise<string> {
  const key = directory.source.apiKey;
  const add = (name: string) =>
    rollcall.ask(
      ['store', 'add', name, '--directory', 'jumpcloud', '--api-key-stdin', '--same-organization'],
      key,
    );
  await add('acme');
  say(`importing ${members} people`);
  await rollcall.ask(['sync', 'acme', '--wait']);
  await applyFile(rollcall, 'acme', 'mapping: { company: { value: Acme } }');
  say('changing each');
  const { id } = await rollcall.ask<{ id: string }>(['sync', 'acme', '--wait']);
  say(`adding ${stores - 1} stores`);
  for (let nth = 1; nth < stores; nth += 1) await add(`store ${nth}`);
  return id;
}

/** What the screens ask for. */
async function lists(ask: Ask, runId: string): Promise<Readonly<Record<string, Asked>>> {
  const search = (body: object): Asked => ({ method: 'POST', path: '/members/search', body });
  const records = (what: string, body: object): Asked => ({
    method: 'POST',
    path: `/runs/${runId}/records/${what}`,
    body,
  });
  const get = (path: string): Asked => ({ method: 'GET', path });
  const marks = JSON.parse(
    await ask({ method: 'POST', path: '/members/marks', body: { every: 500 } }),
  ) as { marks: string[] };
  const cursor = marks.marks[Math.floor(marks.marks.length / 2)];
  const { items } = JSON.parse(await ask(search({ limit: 1, cursor }))) as {
    items: { id: string; store: string; fields: { email: string; lastName: string } }[];
  };
  const [someone] = items;
  if (someone === undefined) throw new Error('There is no member.');
  const { id, store, fields } = someone;
  return {
    'GET /stores': get('/stores'),
    'GET /attention': get('/attention'),
    'GET /activity': get('/activity'),
    'GET /runs': get('/runs?limit=50'),
    'members, first page': search({ limit: 200 }),
    'members, a page in the middle': search({ limit: 200, cursor }),
    'members, latest change first': search({ limit: 200, sort: 'updated' }),
    'members of a store, inactive': search({ limit: 200, store, status: 'inactive' }),
    'members by two letters': search({ limit: 200, text: fields.lastName.slice(0, 2) }),
    'members by a last name': search({ limit: 200, text: fields.lastName }),
    'members by an address': search({ limit: 200, text: fields.email }),
    'members by two words': search({ limit: 200, text: `a ${fields.lastName}` }),
    'marks of all members': { method: 'POST', path: '/members/marks', body: { every: 500 } },
    'GET /members/ID': get(`/members/${id}`),
    'GET /runs/ID': get(`/runs/${runId}`),
    'records, first page': records('search', { limit: 200 }),
    'records by a word': records('search', { limit: 200, q: fields.lastName }),
    'marks of all records': records('marks', { every: 500 }),
    'facets of all records': records('facets', { by: ['department', 'location'] }),
  };
}

/** Speed and memory of the CSV of all members, beside a cursor that only reads them. */
async function measureExports(
  ask: Ask,
  { runId, pid }: { readonly runId: string; readonly pid: number },
): Promise<void> {
  const residentMb = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  const client = await mongo.MongoClient.connect(mongodbUri);
  const bare = await secondsOf(async () => {
    const found = client
      .db(site.env['MONGODB_DATABASE'] ?? '')
      .collection('members')
      .find();
    for await (const _ of found);
  });
  await client.close();
  for (const [name, path] of [
    ['members.csv', '/members.csv'],
    ['records.csv', `/runs/${runId}/records.csv`],
  ] as const) {
    const before = residentMb();
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, residentMb());
    }, 50);
    const seconds = await secondsOf(() => ask({ method: 'GET', path }));
    clearInterval(watch);
    say(`${name}: ${seconds.toFixed(1)} s, ${(peak - before).toFixed(0)} MB more`);
  }
  say(`a bare cursor over the members: ${bare.toFixed(1)} s`);
}
