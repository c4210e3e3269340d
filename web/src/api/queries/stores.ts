import { queryOptions } from '@tanstack/react-query';
import { api, body, type Schemas } from '../client.ts';

const at = (storeId: string) => ({ params: { path: { storeId } } });

/** A store that is being removed shows how far that is. */
const removalStepMs = 2_000;
const stepOf = (isBeingRemoved: boolean | undefined) => (isBeingRemoved ? removalStepMs : false);

export const storesQuery = queryOptions({
  queryKey: ['stores'],
  queryFn: () => body(api.GET('/api/v1/stores')),
  refetchInterval: ({ state: { data } }) =>
    stepOf(data?.items.some(({ removal }) => removal !== null)),
});

const readStore = (storeId: string) => body(api.GET('/api/v1/stores/{storeId}', at(storeId)));

/** A store as one sees it alone: with its endpoint and tokens. */
export type StoreDetail = Awaited<ReturnType<typeof readStore>>;

export const storeQuery = (storeId: string) =>
  queryOptions({
    queryKey: ['stores', storeId],
    queryFn: () => readStore(storeId),
    refetchInterval: ({ state: { data, status } }) =>
      stepOf(status === 'success' && data?.removal !== null),
  });

export const configurationQuery = (storeId: string) =>
  queryOptions({
    queryKey: ['stores', storeId, 'configuration'],
    queryFn: () => body(api.GET('/api/v1/stores/{storeId}/configuration', at(storeId))),
  });

/** Who may own a store; for admins. */
export const ownersQuery = queryOptions({
  queryKey: ['owners'],
  queryFn: () => body(api.GET('/api/v1/owners')),
});

export const startRun = (storeId: string, mode: 'full' | 'plan') =>
  body(api.POST('/api/v1/stores/{storeId}/runs', { ...at(storeId), body: { mode } }));

export const pauseStore = (storeId: string) =>
  body(api.POST('/api/v1/stores/{storeId}/pause', at(storeId)));

export const resumeStore = (storeId: string) =>
  body(api.POST('/api/v1/stores/{storeId}/resume', at(storeId)));

export const changeStore = (storeId: string, change: { name?: string; owner?: string }) =>
  body(api.PATCH('/api/v1/stores/{storeId}', { ...at(storeId), body: change }));

export type Reauthorization =
  | { readonly credential: Schemas['CredentialInput'] }
  | { readonly sameKey: true }
  | { readonly overlapMs: number; readonly expiresInMs?: number };

/** Gives a store a credential, or its directory a token; it starts no run. */
export const reauthorizeStore = (storeId: string, by: Reauthorization) =>
  body(api.POST('/api/v1/stores/{storeId}/reauthorize', { ...at(storeId), body: by }));

export const removeStore = (storeId: string, members: 'keep' | 'delete') =>
  body(
    api.DELETE('/api/v1/stores/{storeId}', {
      params: { path: { storeId }, query: { members } },
      headers: { prefer: 'respond-async' },
    }),
  );
