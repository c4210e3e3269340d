import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, body } from '../client.ts';
import { pageOf } from './page.ts';

interface MembersAsked {
  readonly store?: string | undefined;
  readonly status?: 'active' | 'inactive' | undefined;
  /** The beginning of a name, or of an address where it has an `@`. */
  readonly text?: string;
}

export const membersQuery = ({ store, status, text = '' }: MembersAsked) =>
  infiniteQueryOptions({
    queryKey: ['members', { store, status, text }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      body(
        api.GET('/api/v1/members', {
          params: {
            query: {
              ...(store !== undefined && { store }),
              ...(status !== undefined && { status }),
              ...(text !== '' && (text.includes('@') ? { email: text } : { name: text })),
              ...pageOf(cursor),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: ({ next }) => next,
  });

export const memberQuery = (memberId: string) =>
  queryOptions({
    queryKey: ['members', memberId],
    queryFn: () => body(api.GET('/api/v1/members/{memberId}', { params: { path: { memberId } } })),
  });

export const memberHistoryQuery = (memberId: string) =>
  queryOptions({
    queryKey: ['members', memberId, 'history'],
    queryFn: () =>
      body(
        api.GET('/api/v1/members/{memberId}/history', {
          params: { path: { memberId }, query: { limit: 50 } },
        }),
      ),
  });
