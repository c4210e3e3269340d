import type { DirectoryKind } from '../../../src/core/model/store.ts';
import { createConnectDirectory } from '../../../src/directories/index.ts';
import { startSimulator } from '../../../src/simulator/simulator.ts';
import type { SourceDirectory } from '../../../src/ports/directory.ts';
import type { DirectoryUnderTest } from '../ports/directory.ts';

/** The faults that every directory must recover from, or report. */
export type Misbehaviour =
  | 'sign-in page'
  | 'redirect'
  | 'forbidden'
  | 'now and then 500'
  | 'always 500'
  | 'always 429'
  | 'resets'
  | 'truncated answers'
  | 'malformed answers'
  | 'silence'
  | '500 by id'
  | 'page for 404 by id'
  | 'refused searches'
  | 'ignored searches'
  | 'withheld rows';

interface ConnectTo {
  readonly key?: string;
  readonly retryBudgetMs?: number;
  readonly signal?: AbortSignal;
}

/** A stand-in for a source, as the contract suite needs it. */
export interface SourceUnderTest extends DirectoryUnderTest {
  readonly secret: string;
  connect(options?: ConnectTo): SourceDirectory;
  misbehave(by: Misbehaviour): void;
  requestCount(): number;
}

/** One for each kind: a directory without a stand-in does not compile. */
export const startSource: Readonly<
  Record<DirectoryKind, (size: { readonly users: number }) => Promise<SourceUnderTest>>
> = { jumpcloud: startJumpCloud };

const jumpcloudFaults: Readonly<Record<Misbehaviour, string>> = {
  'sign-in page': 'login-page',
  redirect: 'login-redirect',
  forbidden: 'forbidden',
  'now and then 500': 'server-errors=3',
  'always 500': 'always-500',
  'always 429': 'rate-limited',
  resets: 'reset',
  'truncated answers': 'truncated-json',
  'malformed answers': 'malformed-json',
  silence: 'silent',
  '500 by id': 'by-id-500',
  'page for 404 by id': 'by-id-html-404',
  'refused searches': 'filter-refused',
  'ignored searches': 'ignore-filter',
  'withheld rows': 'withhold-rows',
};

async function startJumpCloud({ users }: { readonly users: number }): Promise<SourceUnderTest> {
  const simulator = await startSimulator({ users, groups: 3 });
  const { people, apiKey } = simulator;
  return {
    secret: apiKey,
    organizationId: simulator.organization.id,
    connect({ key = apiKey, retryBudgetMs = 10_000, signal = new AbortController().signal } = {}) {
      const connectDirectory = createConnectDirectory(
        { consoleUrl: simulator.url, oauthUrl: simulator.url, retryBudgetMs },
        { now: Date.now, random: () => 0 },
      );
      return connectDirectory({
        directory: 'jumpcloud',
        region: 'us',
        credential: { type: 'api-key', apiKey: key },
        orgId: null,
        signal,
      });
    },
    ids: () => [...people.ids],
    emailOf: (id) => people.get(id).email,
    remove: (id) => void people.remove(id),
    group() {
      const [group] = people.groups.all();
      if (group === undefined) throw new Error('the simulator has no group');
      return { id: group.id, name: group.name, members: people.groups.membersOf(group.id) };
    },
    misbehave: (by) => simulator.setFaults([jumpcloudFaults[by]]),
    requestCount: () => simulator.requests.length,
    close: () => simulator.close(),
  };
}
