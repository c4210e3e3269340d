import type { AddressInfo } from 'node:net';
import type { Member } from '../../../src/core/model/member.ts';
import type { SyncRecord } from '../../../src/core/model/record.ts';
import type { Run } from '../../../src/core/model/run.ts';
import type { DirectoryStore } from '../../../src/core/model/store.ts';
import type { StoreConfig } from '../../../src/core/model/store-config.ts';
import { standingSchema } from '../../../src/core/scim/schemas.ts';
import { createConnectPushed, directories } from '../../../src/directories/index.ts';
import { defaultMapping } from '../../../src/directories/jumpcloud/default-mapping.ts';
import { buildServer } from '../../../src/http/server.ts';
import { requestDecision } from '../../../src/manage/runs/request-decision.ts';
import { requestUndo } from '../../../src/manage/runs/request-undo.ts';
import { createLogger } from '../../../src/observability/logger.ts';
import type { ConnectDirectory } from '../../../src/ports/directory.ts';
import type { Expressions } from '../../../src/ports/expressions.ts';
import { createPushService, type PushService } from '../../../src/sync/push/push-service.ts';
import { replanAfterRun } from '../../../src/sync/push/replan-after-run.ts';
import { executeRun } from '../../../src/sync/run/execute-run.ts';
import type { SyncPorts } from '../../../src/sync/run/run-ports.ts';
import { aConfig } from '../../builders/models.ts';
import { expressions as inProcess } from '../../fakes/expressions.ts';
import { actor } from '../../fakes/memory-world.ts';
import { openTestDatabase, type TestDatabase } from '../store/test-database.ts';

/** JSON of an answer. */
export type Json = { readonly [key: string]: unknown };

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The id of the returned resource; empty for anything else. */
  readonly id: string;
  readonly body: Json;
}

export interface ScimWorld extends TestDatabase {
  readonly expressions: Expressions;
  readonly pusher: PushService;
  readonly logged: string[];
  store: DirectoryStore;
  /** Set before a run asks a directory's API. */
  connectDirectory: ConnectDirectory;
  ports(): SyncPorts;
  /** A fresh store that is pushed into; later requests go to it. */
  addStore(config?: Partial<StoreConfig>, parts?: { readonly apiKey?: string }): Promise<void>;
  url(path: string): string;
  token: string;
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Pushes users, each by a POST; returns their ids. */
  pushUsers(names: readonly string[]): Promise<string[]>;
  member(id: string): Promise<Member | null>;
  allMembers(): Promise<readonly Member[]>;
  /** Runs, newest first, after the open ones were ended. */
  endedRuns(): Promise<readonly Run[]>;
  recordsOf(run: Run): Promise<readonly SyncRecord[]>;
  sync(mode?: 'full' | 'plan'): Promise<Run>;
  decide(run: Run, verdict: 'approve' | 'reject'): Promise<Run>;
  undo(run: Run): Promise<Run>;
  /** Has a worker carry out a run. */
  execute(runId: string): Promise<Run>;
  close(): Promise<void>;
}

export function aUser(name: string, parts: Json = {}): Json {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: name,
    name: { givenName: name, familyName: 'Test' },
    emails: [{ value: `${name}@acme.test`, type: 'work', primary: true }],
    active: true,
    ...parts,
  };
}

export const standingOf = ({ body }: Answer): unknown => body[standingSchema];

/** The values of a list of complex ones. */
export function valuesOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list.map((each: { readonly value?: unknown }) => each.value) : [];
}

/** The SCIM service over HTTP, on a real database. Without other `expressions` they must end by themselves. */
export async function openScimWorld({
  uri,
  expressions = inProcess,
}: {
  readonly uri?: string;
  readonly expressions?: Expressions;
} = {}): Promise<ScimWorld> {
  const database = await openTestDatabase(uri);
  const { clock } = database;
  // As without SMTP_URL: the commands of a push are counted.
  const notices = { ...database.notices, isSilent: true };
  const pusher = createPushService({ ...database, notices, directories, expressions, clock });
  const logged: string[] = [];
  const server = await buildServer({
    ...database,
    log: createLogger({ level: 'info', to: { write: (line) => void logged.push(line) } }),
    pusher,
    provider: null,
    clock,
    queues: [],
    ports: null,
    staleMs: 26 * 3_600_000,
    serviceVersions: async () => ({ database: null, redis: null }),
    trustedProxies: [],
    heldExpiryMs: 30 * 24 * 3_600_000,
    publicUrl: 'https://rollcall.test',
    cookieKey: Buffer.alloc(32, 7),
    checks: { required: {}, noticed: {} },
    metrics: { contentType: 'text/plain', scrape: async () => '', observeRequest: () => undefined },
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const execute = async (runId: string): Promise<Run> => {
    const outcome = await executeRun(world.ports(), runId, {
      holder: 'worker',
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    if (outcome.outcome !== 'ended') throw new Error(`the run was ${outcome.outcome}`);
    await replanAfterRun({ ...database, pusher }, outcome.run);
    return outcome.run;
  };
  const ring = { queue: { enqueueJob: async () => undefined } };
  const world: ScimWorld = {
    ...database,
    expressions,
    pusher,
    logged,
    token: '',
    store: {} as DirectoryStore,
    connectDirectory: () => {
      throw new Error('no directory is asked');
    },
    execute,
    ports: () => ({
      ...database,
      expressions,
      clock,
      random: () => 0.5,
      connectPushed: createConnectPushed(database.scim),
      connectDirectory: world.connectDirectory,
    }),
    async addStore(config = {}, { apiKey } = {}) {
      const made = await database.stores.create({
        name: `store ${(await database.stores.list()).length}`,
        directory: 'jumpcloud',
        via: 'scim',
        connection: { region: 'us' },
        orgId: apiKey === undefined ? '' : 'org1',
        sendOrgId: false,
        owner: 'cli:ada',
        config: aConfig({ mapping: defaultMapping, ...config }),
        credential: apiKey === undefined ? null : { type: 'api-key', apiKey },
      });
      world.store = made;
      world.token = await database.scimTokens.issue(made.id, 0);
    },
    url: (path) => `${origin}/scim/v2/${world.store.id}${path}`,
    async ask(method, path, body, headers = {}) {
      const answer = await fetch(world.url(path), {
        method,
        headers: {
          authorization: `Bearer ${world.token}`,
          ...(body !== undefined && { 'content-type': 'application/scim+json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const read = text === '' ? {} : (JSON.parse(text) as Json);
      const { id = '' } = read;
      return { status: answer.status, headers: answer.headers, id: String(id), body: read };
    },
    async pushUsers(names) {
      const ids: string[] = [];
      for (const name of names) {
        const answer = await world.ask('POST', '/Users', aUser(name));
        if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
        ids.push(answer.id);
      }
      return ids;
    },
    async member(id) {
      const [member] = await database.members.bySourceIds(world.store.id, [id]);
      return member ?? null;
    },
    async allMembers() {
      const all: Member[] = [];
      for await (const member of database.members.list({ storeId: world.store.id })) {
        all.push(member);
      }
      return all;
    },
    async endedRuns() {
      await pusher.endRuns();
      return database.runs.list({ storeId: world.store.id });
    },
    recordsOf: (run) => database.records.page({ runId: run.id, limit: 1000 }),
    async sync(mode = 'full') {
      const { run } = await database.runs.enqueue({
        storeId: world.store.id,
        mode,
        trigger: 'manual',
        configRevision: 1,
        requestedBy: 'cli:ada',
      });
      return execute(run.id);
    },
    async decide(run, verdict) {
      const asked = { run, verdict, people: null, actor };
      await requestDecision({ ...database, ...ring, clock }, asked);
      return execute(run.id);
    },
    async undo(run) {
      const asked = { run, isPreview: false, actor };
      const { run: undone } = await requestUndo({ ...database, ...ring }, asked);
      return execute(undone.id);
    },
    async close() {
      await server.close();
      await pusher.endRuns();
      await database.drop();
    },
  };
  return world;
}
