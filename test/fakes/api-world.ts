import { type TokenRole, tokenRoles } from '../../src/core/model/token.ts';
import { type IdentityProvider, SignInRefused } from '../../src/ports/identity-provider.ts';
import type { Ports } from '../../src/ports/index.ts';
import { executeRun } from '../../src/sync/run/execute-run.ts';
import { CliWorld } from './cli-world.ts';
import { type HttpWorld, openHttpWorld } from './http-world.ts';
import { type Contract, readContract } from './openapi-contract.ts';

/** The sender of a request: a token by its role, or none. */
type Who = TokenRole | 'none';

interface Asked {
  readonly as?: Who;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is checked against the contract already: each test casts it to its own type. */
type Json = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly items: readonly Json[];
  readonly next: string | null;
};

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
}

/**
 * The API with everything in memory, with a token of each role. Every answer is checked against the
 * OpenAPI document.
 */
export interface ApiWorld {
  readonly world: CliWorld;
  readonly http: HttpWorld;
  readonly contract: Contract;
  ask(method: string, path: string, asked?: Asked): Promise<Answered>;
  get(path: string, as?: Who): Promise<Answered>;
  /** Adds the store `acme`, as an owner; returns its id. */
  addStore(name?: string): Promise<string>;
  /** Has a worker carry out the queued runs. */
  work(): Promise<void>;
  close(): Promise<void>;
}

export const apiKey = { type: 'api-key', apiKey: 'jca_secret' };

/** A provider that ends the sessions of its person `a`, and signs nobody in. */
const knownProvider: IdentityProvider = {
  label: 'idp.test',
  begin: async () => ({
    url: 'https://idp.test/',
    begun: { state: 's', nonce: 'n', verifier: 'v' },
  }),
  finish: () => Promise.reject(new SignInRefused('failed', 'No sign-in here.')),
  renew: () => Promise.reject(new SignInRefused('failed', 'No sign-in here.')),
  async readLogout(jti) {
    const expiresAt = new Date(Date.now() + 60_000);
    return { issuer: 'https://idp.test', sub: 'a', sid: null, jti, expiresAt };
  },
};

/** `overrides` replace parts of the ports in memory. */
export async function openApiWorld(overrides: Partial<Ports> = {}): Promise<ApiWorld> {
  const world = new CliWorld();
  for (const role of tokenRoles) world.tokens.add(role, role);
  const ports: Ports = { ...world.ports, ...overrides };
  const http = await openHttpWorld([], { ...ports, ports, provider: knownProvider });
  const contract = readContract(await (await http.ask('/api/v1/openapi.json')).json());
  const ask: ApiWorld['ask'] = async (method, path, { as = 'owner', body, headers } = {}) => {
    const answer = await http.ask(`/api/v1${path}`, {
      method,
      headers: {
        ...(as !== 'none' && { authorization: `Bearer rc_${as}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const type = answer.headers.get('content-type') ?? '';
    // This stream has no end: its beginning is looked at.
    const text = await (path === '/watch' && answer.ok ? beginningOf(answer) : answer.text());
    const json = /[/+]json/.test(type) && text !== '' ? JSON.parse(text) : undefined;
    const answered = { status: answer.status, headers: answer.headers, text, json };
    contract.check({ method, path: `/api/v1${path}`, type, ...answered });
    return answered;
  };
  return {
    world,
    http,
    contract,
    ask,
    get: (path, as = 'owner') => ask('GET', path, { as }),
    async addStore(name = 'acme') {
      const body = { name, directory: 'jumpcloud', credential: apiKey, sameOrganization: true };
      return (await ask('POST', '/stores', { body })).json.id;
    },
    async work() {
      for (const id of world.enqueued.splice(0)) {
        await executeRun(ports, id, {
          holder: 'worker',
          signal: new AbortController().signal,
          onProgress: () => undefined,
        });
      }
    },
    close: () => http.close(),
  };
}

async function beginningOf({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return Buffer.from(value ?? []).toString();
}
