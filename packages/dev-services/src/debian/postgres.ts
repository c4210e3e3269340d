/** PostgreSQL with DocumentDB inside the tree. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { requireProgram } from '../external-command.ts';
import type { ProcessRecord } from '../instance.ts';
import { inTree } from './chroot.ts';
import { findFreePorts } from './ports.ts';
import { isRunning, startProcess, stopProcess } from './processes.ts';

const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;

export interface PostgresPlace {
  readonly tree: string;
  /** The data folder as the tree's programs see it. */
  readonly data: string;
  readonly port: number;
  readonly logFile: string;
  readonly isDisposable: boolean;
}

/** Starts PostgreSQL; it isn't ready yet. */
export async function startPostgres(place: PostgresPlace): Promise<ProcessRecord> {
  const settings = {
    shared_preload_libraries: 'pg_cron,pg_documentdb_core,pg_documentdb',
    'cron.database_name': 'postgres',
    listen_addresses: '127.0.0.1',
    port: String(place.port),
    unix_socket_directories: '',
    max_connections: '200',
    dynamic_shared_memory_type: 'mmap', // the tree has no /dev/shm
    synchronous_commit: 'off',
    ...(place.isDisposable ? { fsync: 'off', full_page_writes: 'off' } : {}),
    min_wal_size: '32MB',
    'documentdb_core.enableCollation': 'on',
    'documentdb.defaultCursorExpiryTimeLimitSeconds': '600',
  };
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const program = `${await findBinaries(place.tree)}/postgres`;
  const command = inTree(place.tree, [program, '-D', place.data, ...words]);
  return startProcess({ name: 'postgres', command, logFile: place.logFile });
}

/** Waits until PostgreSQL answers. Throws when it ended instead, or takes too long. */
export async function waitForPostgres(given: {
  readonly record: ProcessRecord;
  readonly port: number;
  readonly logFile: string;
}): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await canQuery(given.port, 'SELECT 1'))) {
    if (!(await isRunning(given.record))) throw new Error(`PostgreSQL ended; see ${given.logFile}`);
    if (Date.now() > deadline) throw new Error(`PostgreSQL does not answer; see ${given.logFile}`);
    await sleep(POLL_MS);
  }
}

/** Makes the data folder that new instances copy, with DocumentDB set up: a copy is quicker than a new setup. */
export async function createTemplate(tree: string): Promise<void> {
  const data = '/template/pg';
  const logFile = join(tree, 'template', 'log');
  const options = '-U postgres -A trust -E UTF8 --locale=C --no-sync --wal-segsize=4'.split(' ');
  const initdb = inTree(tree, [`${await findBinaries(tree)}/initdb`, '-D', data, ...options]);
  await requireProgram(...initdb);
  const [port = 0] = await findFreePorts(1);
  const record = await startPostgres({ tree, data, port, logFile, isDisposable: true });
  try {
    await waitForPostgres({ record, port, logFile });
    await query(port, 'CREATE EXTENSION documentdb CASCADE');
    await query(port, 'CHECKPOINT');
  } finally {
    await stopProcess(record, 'SIGINT');
  }
}

async function findBinaries(tree: string): Promise<string> {
  const [version] = await readdir(join(tree, 'usr/lib/postgresql'));
  if (version === undefined) throw new Error(`${tree} has no PostgreSQL`);
  return `/usr/lib/postgresql/${version}/bin`;
}

async function query(port: number, text: string): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
  client.on('error', () => undefined); // the query rejects as well
  try {
    await client.connect();
    await client.query(text);
  } finally {
    await client.end().catch(() => undefined); // it may never have connected
  }
}

function canQuery(port: number, text: string): Promise<boolean> {
  return query(port, text).then(
    () => true,
    () => false,
  );
}
