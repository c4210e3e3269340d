import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import type { Member, Run, RunRecord } from './api/client.ts';
import { endStates } from './api/queries/runs.ts';
import { Broken } from './shell/broken.tsx';
import { loadFile } from './shell/reload.ts';
import { Shell } from './shell/shell.tsx';
import { ButtonLink } from './ui/button.tsx';
import { Empty, Loading } from './ui/notice.tsx';
import { actionWords, inactiveCauses, modeWords, reasonWords, recordStatusWords } from './words.ts';

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

/** A screen that is a file of its own. */
const lazyScreen: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(() => loadFile(load), name);

type Search = Readonly<Record<string, unknown>>;
interface MembersSearch {
  readonly store?: string;
  readonly status?: Member['status'];
  readonly cause?: NonNullable<Member['inactiveCause']>;
  readonly department?: string;
  readonly sort?: 'address' | 'updated';
}
interface RunsSearch {
  readonly store?: string;
  readonly status?: readonly Run['status'][];
  readonly mode?: readonly Run['mode'][];
  readonly from?: string;
  readonly to?: string;
}
interface RunSearch {
  readonly status?: RunRecord['status'];
  readonly action?: RunRecord['action'];
  readonly reason?: RunRecord['reasonCode'];
  /** Blank: those without one. */
  readonly department?: string;
  readonly location?: string;
}
interface AuditSearch {
  readonly store?: string;
  /** Words that are no action are left out by the screen. */
  readonly action?: readonly string[];
  /** The id of a token or a person, never a name. */
  readonly by?: string;
  readonly from?: string;
  readonly to?: string;
}
const oneOf = <T extends string>(words: Readonly<Record<T, string>>, value: unknown) =>
  (Object.keys(words) as T[]).find((word) => word === value);
const day = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (value: unknown): value is string =>
  typeof value === 'string' && day.test(value) && !Number.isNaN(Date.parse(value));
const listOf = (value: unknown): readonly string[] =>
  [value].flat().filter((one) => typeof one === 'string');

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyScreen(() => import('./screens/overview/overview.tsx'), 'Overview'),
});

const stores = createRoute({
  getParentRoute: () => root,
  path: '/stores',
  component: lazyScreen(() => import('./screens/stores/stores.tsx'), 'Stores'),
});

const store = createRoute({
  getParentRoute: () => root,
  path: '/stores/$storeId',
  component: lazyScreen(() => import('./screens/store/store.tsx'), 'StorePage'),
});

const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  component: lazyScreen(() => import('./screens/system/system.tsx'), 'SystemPage'),
});

const history = createRoute({
  getParentRoute: () => root,
  path: '/stores/$storeId/history',
  component: lazyScreen(() => import('./screens/history/history.tsx'), 'HistoryPage'),
});

const groups = createRoute({
  getParentRoute: () => root,
  path: '/stores/$storeId/groups',
  component: lazyScreen(() => import('./screens/groups/groups.tsx'), 'GroupsPage'),
});

const group = createRoute({
  getParentRoute: () => root,
  path: '/stores/$storeId/groups/$groupId',
  component: lazyScreen(() => import('./screens/groups/group.tsx'), 'GroupPage'),
});

const newStore = createRoute({
  getParentRoute: () => root,
  path: '/stores/new',
  component: lazyScreen(() => import('./screens/setup/gallery.tsx'), 'Gallery'),
});

const connect = createRoute({
  getParentRoute: () => root,
  path: '/stores/new/$way',
  component: lazyScreen(() => import('./screens/setup/connect.tsx'), 'Connect'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/stores/$storeId/setup/$step',
  component: lazyScreen(() => import('./screens/setup/setup.tsx'), 'Setup'),
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
  validateSearch: ({ store: id, status, cause, department, sort }: Search): MembersSearch => {
    const known = inactiveCauses.find((one) => one === cause);
    return {
      ...(typeof id === 'string' && { store: id }),
      ...((status === 'active' || status === 'inactive') && { status }),
      ...(known !== undefined && { cause: known }),
      ...(typeof department === 'string' && department !== '' && { department }),
      ...((sort === 'address' || sort === 'updated') && { sort }),
    };
  },
  component: lazyScreen(() => import('./screens/members/members.tsx'), 'Members'),
});

const member = createRoute({
  getParentRoute: () => root,
  path: '/members/$memberId',
  component: lazyScreen(() => import('./screens/member/member.tsx'), 'MemberPage'),
});

const why = createRoute({
  getParentRoute: () => root,
  path: '/why',
  component: lazyScreen(() => import('./screens/why/why.tsx'), 'WhyPage'),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: ({ store: id, status, mode, from, to }: Search): RunsSearch => {
    const chosen = endStates.filter((one) => listOf(status).includes(one));
    const modes = (Object.keys(modeWords) as Run['mode'][]).filter((one) =>
      listOf(mode).includes(one),
    );
    return {
      ...(typeof id === 'string' && { store: id }),
      ...(chosen.length > 0 && { status: chosen }),
      ...(modes.length > 0 && { mode: modes }),
      ...(isDay(from) && { from }),
      ...(isDay(to) && { to }),
    };
  },
  component: lazyScreen(() => import('./screens/runs/runs.tsx'), 'Runs'),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$runId',
  validateSearch: ({ status, action, reason, department, location }: Search): RunSearch => {
    const chosen = {
      status: oneOf(recordStatusWords, status),
      action: oneOf(actionWords, action),
      reason: oneOf(reasonWords, reason),
    };
    return {
      ...(chosen.status && { status: chosen.status }),
      ...(chosen.action && { action: chosen.action }),
      ...(chosen.reason && { reason: chosen.reason }),
      ...(typeof department === 'string' && { department }),
      ...(typeof location === 'string' && { location }),
    };
  },
  component: lazyScreen(() => import('./screens/run/run.tsx'), 'RunPage'),
});

const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]{1,64}$/.test(value);

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: ({ store: id, action, by, from, to }: Search): AuditSearch => {
    const actions = listOf(action);
    return {
      ...(typeof id === 'string' && { store: id }),
      ...(actions.length > 0 && { action: actions }),
      ...(isId(by) && { by }),
      ...(isDay(from) && { from }),
      ...(isDay(to) && { to }),
    };
  },
  component: lazyScreen(() => import('./screens/audit/audit.tsx'), 'AuditPage'),
});

const access = createRoute({
  getParentRoute: () => root,
  path: '/access',
  component: lazyScreen(() => import('./screens/access/access.tsx'), 'AccessPage'),
});

/** The shell shows the form to sign in there; who is signed in goes on. */
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyScreen(() => import('./screens/signed-in/signed-in.tsx'), 'SignedIn'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  path: '/signed-in',
  component: lazyScreen(() => import('./screens/signed-in/signed-in.tsx'), 'SignedIn'),
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
    groups,
    group,
    history,
    setup,
    configuration,
    audit,
    access,
    system,
    members,
    member,
    why,
    runs,
    run,
    signIn,
    signedIn,
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingComponent: Loading,
  defaultErrorComponent: Broken,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
