import { createConnectDirectory } from '../../../../src/directories/index.ts';
import { startSimulator } from '../../../../src/simulator/simulator.ts';
import type { Misbehaviour, StartSource } from '../source-under-test.ts';

const faults: Readonly<Record<Misbehaviour, string>> = {
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
  'empty searches': 'filter-always-empty',
  'withheld rows': 'withhold-rows',
};

export const startSource: StartSource = async ({ users }) => {
  const simulator = await startSimulator({ users, groups: 3 });
  const { people, apiKey } = simulator;
  return {
    secret: apiKey,
    url: simulator.url,
    organizationId: simulator.organization.id,
    connect({ key = apiKey, retryBudgetMs = 10_000, signal = new AbortController().signal } = {}) {
      const connectDirectory = createConnectDirectory(
        {
          origins: { JUMPCLOUD_CONSOLE_URL: simulator.url, JUMPCLOUD_OAUTH_URL: simulator.url },
          retryBudgetMs,
        },
        { now: Date.now, random: () => 0 },
      );
      return connectDirectory({
        directory: 'jumpcloud',
        connection: { region: 'us' },
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
    misbehave: (by) => simulator.setFaults([faults[by]]),
    requestCount: () => simulator.requests.length,
    close: () => simulator.close(),
  };
};
