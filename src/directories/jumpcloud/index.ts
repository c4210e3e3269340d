import { InvalidInput } from '../../core/errors.ts';
import type { ListedUser } from '../../core/model/source-user.ts';
import type { ConnectOptions, ListedPage, Organization, WalkEnd } from '../../ports/directory.ts';
import type { DirectoryContext, DirectoryProvider } from '../directory.ts';
import { createHttpClient, type SignIn } from '../http/client.ts';
import { proveRefusals, trustRefusals } from '../http/prove-refusals.ts';
import { walkPages } from '../paging/offset-pages.ts';
import { pageLimit } from '../paging/read-ahead.ts';
import {
  createApi,
  halvedPagesOfV1,
  type JumpCloudApi,
  organizationsRequest,
  organizationsRoute,
  pagesOfV1,
  walkUnsorted,
} from './api.ts';
import { getUser, listByIds } from './by-id.ts';
import {
  connectionSchema,
  consoleOriginOf,
  oauthOriginOf,
  originSettings,
  originsOf,
} from './connection.ts';
import { checkSignIn, credentialSchema } from './credential.ts';
import { defaultMapping } from './default-mapping.ts';
import { findByEmail } from './find-by-email.ts';
import { groupsOf, hasGroup, resolveGroups, walkGroupMembers, walkGroups } from './groups.ts';
import { knownAttributes } from './known-attributes.ts';
import { pushedUsers } from './pushed-users.ts';
import { readEmail, readOrganization, readUser, readUserId } from './records.ts';
import { checkHeaderText, signInAsServiceAccount, signInByKey } from './sign-in.ts';
import { words } from './words.ts';

/** JumpCloud through its v1 and v2 APIs, with an administrator's key or as a service account. */
export const jumpcloud: DirectoryProvider = {
  kind: 'jumpcloud',
  name: 'JumpCloud',
  capabilities: { pull: true, push: true, groups: true, connectionTest: true },
  knownAttributes,
  connectionSchema,
  credentialSchema,
  checkSignIn,
  words,
  originSetting: 'JUMPCLOUD_CONSOLE_URL',
  originSettings,
  origins: originsOf,
  defaultMapping,
  emailOf: readEmail,
  pushedUsers,
  connect(options, context) {
    const api = openApi(options, context);
    const unreadable = new Set<number>();
    const { mostUsers } = context.settings;
    return {
      perSecond: api.perSecond,
      organizations: () => listOrganizations(api),
      walkUsers: () => walkUsers(api, { unreadable, mostRows: mostUsers }),
      getUser: (externalId) => getUser(api, externalId),
      listByIds: (externalIds) => listByIds(api, externalIds),
      findByEmail: (email, known = null) => findByEmail(api, email, known),
      resolveGroups: (references) => resolveGroups(api, references),
      walkGroupMembers: (groupId) => walkGroupMembers(api, groupId, mostUsers),
      walkGroups: () => walkGroups(api),
      hasGroup: (groupId) => hasGroup(api, groupId),
      groupsOf: (externalId) => groupsOf(api, externalId),
    };
  },
};

function openApi(options: ConnectOptions, context: DirectoryContext): JumpCloudApi {
  const { origins, retryBudgetMs, requestTimeoutMs, timeLimitMs } = context.settings;
  const { region } = connectionSchema.parse(options.connection);
  const { orgId } = options;
  if (orgId !== null) checkHeaderText(orgId, 'organization id');
  const shared = {
    source: 'JumpCloud',
    directory: options.directory,
    retryBudgetMs,
    requestTimeoutMs,
    timeLimitMs,
    signal: options.signal,
    now: context.now,
    random: context.random,
    pause: context.pause,
    onRequest: context.onRequest,
    onClock: options.onClock,
  };
  const at = (baseUrl: string) => ({ ...shared, baseUrl, way: context.wayTo?.(baseUrl) });
  const signIn = chooseSignIn(options, at(oauthOriginOf(origins)));
  const client = createHttpClient({
    ...at(consoleOriginOf(region, origins)),
    signIn,
    perSecond: options.perSecond,
  });
  const proven =
    options.provesRefusals === true
      ? proveRefusals(client, { ...shared, check: organizationsRequest })
      : trustRefusals(client);
  return createApi(proven, orgId);
}

function chooseSignIn(
  { credential, connection }: ConnectOptions,
  oauth: Parameters<typeof signInAsServiceAccount>[1],
): SignIn {
  checkSignIn(credential.type, connection);
  const { type, apiKey = '', clientId = '', clientSecret = '' } = credential;
  if (type === 'api-key') return signInByKey(apiKey);
  if (type === 'client-credentials') {
    return signInAsServiceAccount({ clientId, clientSecret }, oauth);
  }
  throw new InvalidInput(`JumpCloud can’t be signed in to by ${type}`);
}

async function listOrganizations(api: JumpCloudApi): Promise<readonly Organization[]> {
  const pages = walkUnsorted('its organizations', {
    fetchPage: pagesOfV1(api, { route: organizationsRoute }),
    idOf: (row) => readOrganization(row)?.id ?? null,
    present: ({ rows, total }) => ({ total, seen: rows.map(readOrganization) }),
  });
  const found: Organization[] = [];
  for await (const { seen, total } of pages) {
    found.push(...seen.filter((organization) => organization !== null));
    // Nearly every credential reads one organization, and one request shows that.
    if (seen.length < pageLimit && found.length >= total) break;
  }
  return found;
}

async function* walkUsers(
  api: JumpCloudApi,
  {
    unreadable,
    mostRows,
  }: { readonly unreadable: Set<number>; readonly mostRows: number | undefined },
): AsyncGenerator<ListedPage, WalkEnd> {
  const request = { route: '/api/systemusers' };
  const end = yield* walkPages({
    fetchPage: halvedPagesOfV1(api, request, { unreadable, what: 'its users' }),
    idOf: readUserId,
    sorted: true,
    mostRows,
    present: ({ rows, ...page }) => ({ ...page, users: rows.flatMap(toListedUser) }),
  });
  return unreadable.size === 0 ? end : { ...end, unreadable: [...unreadable] };
}

function toListedUser(row: unknown): readonly ListedUser[] {
  const externalId = readUserId(row);
  return externalId === null ? [] : [readUser(externalId, row)];
}
