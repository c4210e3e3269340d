import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../client.ts';
import type { components } from '../schema.d.ts';

export type CredentialInput = components['schemas']['CredentialInput'];
export type Region = components['schemas']['Store']['region'];

export interface Connection {
  readonly region: Region;
  readonly credential: CredentialInput;
  /** For a credential that sees several organizations. */
  readonly orgId?: string;
}

/** Tries a credential; nothing is stored. */
export const testConnection = (connection: Connection) =>
  body(api.POST('/api/v1/connection-tests', { body: { directory: 'jumpcloud', ...connection } }));

/** Adds a store that is asked over the directory's API. */
export const addAskedStore = (
  store: Connection & { readonly name: string; readonly sameOrganization: boolean },
) => body(api.POST('/api/v1/stores', { body: { directory: 'jumpcloud', ...store } }));

/** Adds a store that is pushed into over SCIM; the answer has its token, this once. */
export const addPushedStore = (name: string, region: Region) =>
  body(api.POST('/api/v1/stores', { body: { name, directory: 'jumpcloud', region, via: 'scim' } }));

/** Makes a new token for a store that is pushed into; the one of before ends. */
export const renewScimToken = (storeId: string) =>
  body(
    api.POST('/api/v1/stores/{storeId}/reauthorize', {
      params: { path: { storeId } },
      body: { overlapMs: 0 },
    }),
  );

/** Starts a run. */
export const startRun = (storeId: string, mode: 'full' | 'plan') =>
  body(
    api.POST('/api/v1/stores/{storeId}/runs', { params: { path: { storeId } }, body: { mode } }),
  );

const pushPollMs = 3_000;

/** The first people that a directory pushed; asked until there is one. */
export const firstPushedQuery = (storeId: string) =>
  queryOptions({
    queryKey: ['members', 'first-pushed', storeId],
    staleTime: 0,
    queryFn: () =>
      body(api.GET('/api/v1/members', { params: { query: { store: storeId, limit: 1 } } })),
    refetchInterval: ({ state: { data } }) => (data?.items.length ? false : pushPollMs),
  });
