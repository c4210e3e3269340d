import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../client.ts';

export const storesQuery = queryOptions({
  queryKey: ['stores'],
  queryFn: () => body(api.GET('/api/v1/stores')),
});

export const storeQuery = (storeId: string) =>
  queryOptions({
    queryKey: ['stores', storeId],
    queryFn: () => body(api.GET('/api/v1/stores/{storeId}', { params: { path: { storeId } } })),
  });

export const configurationQuery = (storeId: string) =>
  queryOptions({
    queryKey: ['stores', storeId, 'configuration'],
    queryFn: () =>
      body(api.GET('/api/v1/stores/{storeId}/configuration', { params: { path: { storeId } } })),
  });
