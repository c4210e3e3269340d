import type { AddressInfo } from 'node:net';
import type { Queue } from 'bullmq';
import { sessionCookieName } from '../../src/http/auth/session.ts';
import { buildServer, type ServerOptions } from '../../src/http/server.ts';
import { createLogger } from '../../src/observability/logger.ts';
import type { PushService } from '../../src/sync/push/push-service.ts';
import { MemoryAudit } from './memory-audit.ts';
import { MemoryPeople, MemorySessions } from './memory-people.ts';
import { MemoryScim } from './memory-scim.ts';
import { MemoryTokens } from './memory-tokens.ts';

const noPusher: PushService = {
  push: async () => new Map(),
  pushGroups: async () => undefined,
  readAhead: async () => null,
  outcomesOf: async () => new Map(),
  endRuns: async () => undefined,
};

type ObservedRequest = Parameters<ServerOptions['metrics']['observeRequest']>[0];

/** A server that listens on a free port, with its dependencies in memory. */
export interface HttpWorld {
  readonly url: string;
  readonly tokens: MemoryTokens;
  readonly clock: { time: Date; now(): Date };
  readonly logged: string[];
  readonly observed: ObservedRequest[];
  readonly audit: MemoryAudit;
  readonly requestTimeoutMs: number;
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Begins a session of a token and returns the cookie for later requests. */
  signIn(secret: string): Promise<string>;
  close(): Promise<void>;
}

export async function openHttpWorld(
  queues: readonly Queue[] | null,
  overrides: Partial<ServerOptions> = {},
): Promise<HttpWorld> {
  const logged: string[] = [];
  const observed: ObservedRequest[] = [];
  const clock = {
    time: new Date(),
    now() {
      return this.time;
    },
  };
  const audit = new MemoryAudit(clock);
  const tokens = new MemoryTokens(clock);
  const sessions = overrides.sessions ?? new MemorySessions(clock);
  const server = await buildServer({
    log: createLogger({ level: 'info', to: { write: (line) => void logged.push(line) } }),
    tokens,
    people: new MemoryPeople(clock),
    sessions,
    provider: null,
    scimTokens: { bySecret: async () => null },
    scim: new MemoryScim(clock),
    pusher: noPusher,
    clock,
    queues,
    ports: null,
    audit,
    staleMs: 26 * 3_600_000,
    serviceVersions: async () => ({ database: '8.0.1', redis: '7.4.0' }),
    trustedProxies: [],
    heldExpiryMs: 30 * 24 * 3_600_000,
    publicUrl: 'http://rollcall.test',
    cookieKey: Buffer.alloc(32, 7),
    checks: { required: {}, noticed: {} },
    metrics: {
      contentType: 'text/plain',
      scrape: async () => 'rollcall_up 1\n',
      observeRequest: (request) => void observed.push(request),
    },
    ...overrides,
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(url + path, { redirect: 'manual', ...init });
  return {
    url,
    tokens,
    clock,
    logged,
    observed,
    audit,
    requestTimeoutMs: server.server.requestTimeout,
    ask,
    async signIn(secret) {
      const token = await (overrides.tokens ?? tokens).bySecret(secret);
      if (token === null) return '';
      const holder = { kind: 'token', id: token.id } as const;
      const begun = await sessions.begin({ holder });
      return `${sessionCookieName(overrides.publicUrl ?? 'http://rollcall.test')}=${begun.secret}`;
    },
    close: () => server.close(),
  };
}
