import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import type { Member, Run, RunRecord } from './api/client.ts';
import { endStates } from './api/queries/runs.ts';
import { Shell } from './shell/shell.tsx';
import { ButtonLink } from './ui/button.tsx';
import { Empty, Failure, Loading } from './ui/notice.tsx';
import { recordStatusWords } from './words.ts';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

function NotFound() {
  return (
    <div className="page">
      <h1>There is nothing here</h1>
      <Empty>
        <p>The address may be mistyped, or what it named was removed.</p>
        <ButtonLink to="/">Go to the overview</ButtonLink>
      </Empty>
    </div>
  );
}

type Search = Readonly<Record<string, unknown>>;
interface MembersSearch {
  readonly store?: string;
  readonly status?: Member['status'];
}
interface RunsSearch {
  readonly store?: string;
  readonly status?: readonly Run['status'][];
}
const listOf = (value: unknown): readonly string[] =>
  [value].flat().filter((one) => typeof one === 'string');

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./screens/overview/overview.tsx'), 'Overview'),
});

const stores = createRoute({
  getParentRoute: () => root,
  path: '/stores',
  component: lazyRouteComponent(() => import('./screens/stores/stores.tsx'), 'Stores'),
});

const store = createRoute({
  getParentRoute: () => root,
  path: '/stores/$storeId',
  component: lazyRouteComponent(() => import('./screens/store/store.tsx'), 'StorePage'),
});

const newStore = createRoute({
  getParentRoute: () => root,
  path: '/stores/new',
  component: lazyRouteComponent(() => import('./screens/setup/gallery.tsx'), 'Gallery'),
});

const connect = createRoute({
  getParentRoute: () => root,
  path: '/stores/new/$way',
  component: lazyRouteComponent(() => import('./screens/setup/connect.tsx'), 'Connect'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/stores/$storeId/setup/$step',
  component: lazyRouteComponent(() => import('./screens/setup/setup.tsx'), 'Setup'),
});

const configuration = createRoute({
  getParentRoute: () => root,
  path: '/stores/$storeId/$section',
  component: lazyRouteComponent(
    () => import('./screens/configuration/configuration.tsx'),
    'ConfigurationPage',
  ),
});

const members = createRoute({
  getParentRoute: () => root,
  path: '/members',
  validateSearch: ({ store: id, status }: Search): MembersSearch => ({
    ...(typeof id === 'string' && { store: id }),
    ...((status === 'active' || status === 'inactive') && { status }),
  }),
  component: lazyRouteComponent(() => import('./screens/members/members.tsx'), 'Members'),
});

const member = createRoute({
  getParentRoute: () => root,
  path: '/members/$memberId',
  component: lazyRouteComponent(() => import('./screens/member/member.tsx'), 'MemberPage'),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: ({ store: id, status }: Search): RunsSearch => {
    const chosen = endStates.filter((one) => listOf(status).includes(one));
    return {
      ...(typeof id === 'string' && { store: id }),
      ...(chosen.length > 0 && { status: chosen }),
    };
  },
  component: lazyRouteComponent(() => import('./screens/runs/runs.tsx'), 'Runs'),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$runId',
  validateSearch: ({ status }: Search) => {
    const chosen = (Object.keys(recordStatusWords) as RunRecord['status'][]).find(
      (one) => one === status,
    );
    return { ...(chosen !== undefined && { status: chosen }) };
  },
  component: lazyRouteComponent(() => import('./screens/run/run.tsx'), 'RunPage'),
});

/** `?status=held&status=failed`, as the API writes it: JSON would make a number of the id `662e41`. */
function parseSearch(text: string): Record<string, string | string[]> {
  const given = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(given.keys())].map((key) => {
      const all = given.getAll(key);
      return [key, all.length === 1 ? (all[0] ?? '') : all];
    }),
  );
}

function stringifySearch(search: Search): string {
  const pairs = Object.entries(search).flatMap(([key, value]) =>
    listOf(value).map((one) => [key, one]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    stores,
    newStore,
    connect,
    store,
    setup,
    configuration,
    members,
    member,
    runs,
    run,
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingComponent: Loading,
  defaultErrorComponent: ({ error, reset }) => (
    <Failure error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
