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
