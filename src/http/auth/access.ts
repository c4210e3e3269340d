import type { TokenRole } from '../../core/model/token.ts';

/** Who may use a route: all, tokens of at least this role, none, or the SCIM token of the store. */
export type Access = 'public' | TokenRole | 'none' | 'scim';

const board = '/ops/queues';
const scim = '/scim/v2/:storeId';
const api = '/api/v1';

/** All routes. A route that isn't listed is refused at boot; HEAD goes with GET. */
export const accessTable: Readonly<Record<string, Access>> = {
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /metrics': 'public',

  'GET /': 'public',
  'GET /assets/*': 'public',
  'GET /theme.js': 'public',
  'GET /mark.svg': 'public',

  'GET /ops/sign-in': 'public',
  'GET /ops/sign-out': 'viewer',
  'POST /ops/sign-out': 'viewer',

  'GET /api/docs': 'public',
  [`GET ${api}/openapi.json`]: 'public',
  [`GET ${api}/sign-in`]: 'public',
  [`POST ${api}/session`]: 'public',
  [`GET ${api}/session`]: 'viewer',
  [`DELETE ${api}/session`]: 'viewer',
  [`GET ${api}/session/oidc`]: 'public',
  [`GET ${api}/session/oidc/callback`]: 'public',
  [`POST ${api}/session/oidc/logout`]: 'public',

  [`GET ${api}/people`]: 'viewer',
  [`DELETE ${api}/people/:personId/sessions`]: 'owner',

  [`GET ${api}/tokens`]: 'owner',
  [`POST ${api}/tokens`]: 'owner',
  [`DELETE ${api}/tokens/:tokenId`]: 'owner',

  [`GET ${api}/directories`]: 'viewer',
  [`GET ${api}/attention`]: 'viewer',
  [`GET ${api}/watch`]: 'viewer',
  [`GET ${api}/system`]: 'admin',
  [`GET ${api}/activity`]: 'viewer',
  [`GET ${api}/owners`]: 'admin',

  [`GET ${api}/stores`]: 'viewer',
  [`POST ${api}/stores`]: 'admin',
  [`GET ${api}/stores/:storeId`]: 'viewer',
  [`PATCH ${api}/stores/:storeId`]: 'admin',
  [`DELETE ${api}/stores/:storeId`]: 'owner',
  [`POST ${api}/stores/:storeId/pause`]: 'admin',
  [`POST ${api}/stores/:storeId/resume`]: 'admin',
  [`POST ${api}/stores/:storeId/reauthorize`]: 'admin',
  [`GET ${api}/stores/:storeId/configuration`]: 'viewer',
  [`PATCH ${api}/stores/:storeId/configuration`]: 'admin',
  [`POST ${api}/stores/:storeId/configuration/preview`]: 'admin',
  [`GET ${api}/stores/:storeId/configuration/revisions`]: 'viewer',
  [`GET ${api}/stores/:storeId/configuration/revisions/:revision`]: 'viewer',

  [`GET ${api}/stores/:storeId/groups`]: 'viewer',
  [`GET ${api}/stores/:storeId/groups/:groupId`]: 'viewer',
  [`POST ${api}/stores/:storeId/groups/search`]: 'admin',
  [`GET ${api}/stores/:storeId/groups/:groupId/members`]: 'viewer',

  [`POST ${api}/connection-tests`]: 'admin',
  [`POST ${api}/stores/:storeId/connection-test`]: 'admin',
  [`GET ${api}/stores/:storeId/attributes`]: 'admin',
  [`GET ${api}/stores/:storeId/sample`]: 'admin',
  [`POST ${api}/stores/:storeId/sample`]: 'admin',
  [`POST ${api}/stores/:storeId/mapping-preview`]: 'admin',
  [`POST ${api}/stores/:storeId/criteria-count`]: 'admin',
  [`POST ${api}/stores/:storeId/criteria-count/events`]: 'admin',
  [`GET ${api}/stores/:storeId/next-runs`]: 'viewer',
  [`POST ${api}/stores/:storeId/schedule-preview`]: 'viewer',

  [`POST ${api}/stores/:storeId/runs`]: 'admin',
  [`GET ${api}/runs`]: 'viewer',
  [`GET ${api}/runs/:runId`]: 'viewer',
  [`GET ${api}/runs/:runId/records`]: 'viewer',
  [`GET ${api}/runs/:runId/records.csv`]: 'viewer',
  [`POST ${api}/runs/:runId/records/search`]: 'viewer',
  [`POST ${api}/runs/:runId/records/marks`]: 'viewer',
  [`POST ${api}/runs/:runId/records/facets`]: 'viewer',
  [`GET ${api}/runs/:runId/events`]: 'viewer',
  [`POST ${api}/runs/:runId/approve`]: 'admin',
  [`POST ${api}/runs/:runId/reject`]: 'admin',
  [`POST ${api}/runs/:runId/cancel`]: 'admin',
  [`POST ${api}/runs/:runId/undo`]: 'admin',

  [`GET ${api}/members`]: 'viewer',
  [`POST ${api}/members`]: 'admin',
  [`GET ${api}/members.csv`]: 'viewer',
  [`POST ${api}/members.csv`]: 'viewer',
  [`POST ${api}/members/search`]: 'viewer',
  [`POST ${api}/members/marks`]: 'viewer',
  [`POST ${api}/members/why`]: 'viewer',
  [`POST ${api}/members/why/stores`]: 'viewer',
  [`POST ${api}/members/erase`]: 'owner',
  [`GET ${api}/members/:memberId`]: 'viewer',
  [`GET ${api}/members/:memberId/history`]: 'viewer',
  [`POST ${api}/members/:memberId/activate`]: 'admin',
  [`POST ${api}/members/:memberId/deactivate`]: 'admin',
  [`POST ${api}/members/:memberId/release`]: 'admin',
  [`POST ${api}/members/:memberId/take-back`]: 'admin',

  [`POST ${api}/alerts/test`]: 'admin',
  [`GET ${api}/mail/outbox`]: 'admin',
  [`GET ${api}/mail/templates`]: 'viewer',
  [`PUT ${api}/mail/templates/:kind`]: 'admin',
  [`DELETE ${api}/mail/templates/:kind`]: 'admin',
  [`POST ${api}/mail/templates/:kind/preview`]: 'admin',
  [`GET ${api}/domains`]: 'viewer',
  [`POST ${api}/domains`]: 'admin',
  [`POST ${api}/domains/:domain/verify`]: 'admin',
  [`DELETE ${api}/domains/:domain`]: 'admin',

  [`GET ${api}/audit`]: 'admin',
  [`GET ${api}/audit.csv`]: 'admin',

  [`GET ${board}`]: 'viewer',
  [`GET ${board}/`]: 'viewer',
  [`GET ${board}/metrics-history`]: 'viewer',
  [`GET ${board}/job-schedulers`]: 'viewer',
  [`GET ${board}/queue/:queueName`]: 'viewer',
  [`GET ${board}/queue/:queueName/:jobId`]: 'viewer',
  [`GET ${board}/static/*`]: 'viewer',
  [`GET ${board}/api/redis/stats`]: 'viewer',
  [`GET ${board}/api/queues`]: 'viewer',
  [`GET ${board}/api/job-schedulers`]: 'viewer',
  [`GET ${board}/api/queues/:queueName/metrics`]: 'viewer',
  [`GET ${board}/api/queues/:queueName/default-job-options`]: 'viewer',
  [`GET ${board}/api/queues/:queueName/workers`]: 'viewer',
  [`GET ${board}/api/queues/:queueName/rate-limit`]: 'viewer',
  [`GET ${board}/api/queues/:queueName/job-data-schema`]: 'viewer',
  [`GET ${board}/api/queues/:queueName/:jobId/logs`]: 'viewer',
  [`GET ${board}/api/queues/:queueName/:jobId/flow`]: 'viewer',
  [`GET ${board}/api/queues/:queueName/:jobId`]: 'viewer',

  [`PUT ${board}/api/queues/:queueName/:jobId/retry`]: 'admin',
  [`PUT ${board}/api/queues/:queueName/retry/:queueStatus`]: 'admin',
  [`PUT ${board}/api/queues/:queueName/:jobId/promote`]: 'admin',
  [`PUT ${board}/api/queues/:queueName/promote`]: 'admin',

  [`POST ${board}/api/queues/:queueName/add`]: 'none',
  [`PUT ${board}/api/queues/pause`]: 'none',
  [`PUT ${board}/api/queues/resume`]: 'none',
  [`PUT ${board}/api/queues/:queueName/pause`]: 'none',
  [`PUT ${board}/api/queues/:queueName/resume`]: 'none',
  [`PUT ${board}/api/queues/:queueName/empty`]: 'none',
  [`PUT ${board}/api/queues/:queueName/obliterate`]: 'none',
  [`PUT ${board}/api/queues/:queueName/clean/:queueStatus`]: 'none',
  [`PUT ${board}/api/queues/:queueName/concurrency`]: 'none',
  [`PUT ${board}/api/queues/:queueName/rate-limit`]: 'none',
  [`PUT ${board}/api/queues/:queueName/rate-limit/release`]: 'none',
  [`PUT ${board}/api/queues/:queueName/:jobId/clean`]: 'none',
  [`PATCH ${board}/api/queues/:queueName/:jobId/update-data`]: 'none',
  [`PATCH ${board}/api/queues/:queueName/:jobId/delay`]: 'none',
  [`PATCH ${board}/api/queues/:queueName/:jobId/priority`]: 'none',
  [`PUT ${board}/api/queues/:queueName/:jobId/remove-unprocessed-children`]: 'none',
  [`PUT ${board}/api/queues/:queueName/job-schedulers/:schedulerId/remove`]: 'none',
  [`PATCH ${board}/api/queues/:queueName/job-schedulers/:schedulerId`]: 'none',
  [`PUT ${board}/api/queues/:queueName/job-schedulers/:schedulerId/run`]: 'none',

  [`GET ${scim}/ServiceProviderConfig`]: 'scim',
  [`GET ${scim}/ResourceTypes`]: 'scim',
  [`GET ${scim}/ResourceTypes/:id`]: 'scim',
  [`GET ${scim}/Schemas`]: 'scim',
  [`GET ${scim}/Schemas/:id`]: 'scim',
  [`GET ${scim}/Users`]: 'scim',
  [`POST ${scim}/Users`]: 'scim',
  [`POST ${scim}/Users/.search`]: 'scim',
  [`GET ${scim}/Users/:id`]: 'scim',
  [`PUT ${scim}/Users/:id`]: 'scim',
  [`PATCH ${scim}/Users/:id`]: 'scim',
  [`DELETE ${scim}/Users/:id`]: 'scim',
  [`GET ${scim}/Groups`]: 'scim',
  [`POST ${scim}/Groups`]: 'scim',
  [`POST ${scim}/Groups/.search`]: 'scim',
  [`GET ${scim}/Groups/:id`]: 'scim',
  [`PUT ${scim}/Groups/:id`]: 'scim',
  [`PATCH ${scim}/Groups/:id`]: 'scim',
  [`DELETE ${scim}/Groups/:id`]: 'scim',
  [`POST ${scim}/.search`]: 'scim',
  [`POST ${scim}/Bulk`]: 'scim',
};

/** The role that the route of this method and pattern needs. Throws when the table has no entry for the route. */
export function accessOf(method: string, pattern: string): Access {
  const access = accessTable[`${method === 'HEAD' ? 'GET' : method} ${pattern}`];
  if (access === undefined) {
    throw new Error(
      `The route ${method} ${pattern} is not in the table of src/http/auth/access.ts.`,
    );
  }
  return access;
}

const ranks: Readonly<Record<TokenRole, number>> = { viewer: 0, admin: 1, owner: 2 };

/** Whether `role` may use a route with this access. */
export function mayUse(role: TokenRole, access: Access): boolean {
  if (access === 'public') return true;
  return access !== 'none' && access !== 'scim' && ranks[role] >= ranks[access];
}
