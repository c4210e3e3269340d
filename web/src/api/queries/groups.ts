import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, body } from '../client.ts';
import { pageOf } from './page.ts';

/** The groups of a store, page by page. */
export const groupListQuery = (storeId: string) =>
  infiniteQueryOptions({
    queryKey: ['stores', storeId, 'groups', 'list'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      body(
        api.GET('/api/v1/stores/{storeId}/groups', {
          params: { path: { storeId }, query: pageOf(cursor) },
        }),
      ),
    getNextPageParam: ({ next }) => next,
  });

export const groupQuery = (storeId: string, groupId: string) =>
  queryOptions({
    queryKey: ['stores', storeId, 'groups', groupId],
    queryFn: () =>
      body(
        api.GET('/api/v1/stores/{storeId}/groups/{groupId}', {
          params: { path: { storeId, groupId } },
        }),
      ),
  });

/** The people in a group, page by page. */
export const groupMembersQuery = (storeId: string, groupId: string) =>
  infiniteQueryOptions({
    queryKey: ['stores', storeId, 'groups', groupId, 'members'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      body(
        api.GET('/api/v1/stores/{storeId}/groups/{groupId}/members', {
          params: { path: { storeId, groupId }, query: pageOf(cursor) },
        }),
      ),
    getNextPageParam: ({ next }) => next,
  });
