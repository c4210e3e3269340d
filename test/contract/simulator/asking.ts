import type { SystemUser } from '../../../src/simulator/directory/system-user.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../../src/simulator/simulator.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface UserList {
  readonly results: readonly SystemUser[];
  readonly totalCount: number;
}

/** Asks with the simulator's key; a header set to `''` is left out. */
export async function ask(simulator: Simulator, path: string, asking: Asking = {}): Promise<Reply> {
  const headers = { 'x-api-key': simulator.apiKey, ...asking.headers };
  const response = await fetch(simulator.url + path, {
    method: asking.method ?? 'GET',
    headers: Object.entries(headers).filter(([, value]) => value !== ''),
    redirect: 'manual',
    ...(asking.body === undefined ? {} : { body: JSON.stringify(asking.body) }),
    ...(asking.signal === undefined ? {} : { signal: asking.signal }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Asks for JSON that must come with status 200. */
export async function askJson<Answer>(
  simulator: Simulator,
  path: string,
  asking: Asking = {},
): Promise<Answer> {
  const { status, text } = await ask(simulator, path, asking);
  if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
  return JSON.parse(text) as Answer;
}

/** A page of users, sorted by id unless the query says otherwise. */
export function askUsers(simulator: Simulator, query = 'sort=_id&limit=100'): Promise<UserList> {
  return askJson<UserList>(simulator, `/api/systemusers?${query}`);
}

/** The ids of a page of users. */
export async function askIds(simulator: Simulator, query?: string): Promise<readonly string[]> {
  return (await askUsers(simulator, query)).results.map(({ _id }) => _id);
}

/** Posts to the control interface. */
export function control(simulator: Simulator, operation: string, body: unknown): Promise<Reply> {
  return ask(simulator, `/_simulator/${operation}`, { method: 'POST', body });
}

/** Starts simulators for the tests of a file and stops them after each. */
export function simulatorsPerTest(): (options?: SimulatorOptions) => Promise<Simulator> {
  const started: Simulator[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((simulator) => simulator.close()));
  });
  return async (options) => {
    const simulator = await startSimulator(options);
    started.push(simulator);
    return simulator;
  };
}

/** Every listed id, page after page until an empty one, as a client without overlap reads them. */
export async function walk(simulator: Simulator, limit = 20): Promise<readonly string[]> {
  const found: string[] = [];
  for (let skip = 0; skip < 1000; skip += limit) {
    const page = await askIds(simulator, `sort=_id&limit=${limit}&skip=${skip}`);
    if (page.length === 0) break;
    found.push(...page);
  }
  return found;
}

/**
 * The results of this many requests, one after another: a status, `broken` connections, `cut` JSON.
 */
export async function outcomes(
  simulator: Simulator,
  path: string,
  count: number,
): Promise<readonly (number | 'broken' | 'cut')[]> {
  const found: (number | 'broken' | 'cut')[] = [];
  for (let asked = 0; asked < count; asked += 1) {
    const reply = await ask(simulator, path).catch(() => 'broken' as const);
    if (reply === 'broken') found.push(reply);
    else found.push(reply.status === 200 && !isJson(reply.text) ? 'cut' : reply.status);
  }
  return found;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
