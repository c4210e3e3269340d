import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, body } from '../client.ts';
import { pageOf } from './page.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => body(api.GET('/api/v1/session')),
  staleTime: 60_000,
});

/** How people can sign in. */
export const waysQuery = queryOptions({
  queryKey: ['sign-in'],
  queryFn: () => body(api.GET('/api/v1/sign-in')),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Signs in with an access token. */
export const signIn = (token: string) => body(api.POST('/api/v1/session', { body: { token } }));

/** Reads the session as a sign of its user: its idle time begins anew. */
export const staySignedIn = () =>
  body(api.GET('/api/v1/session', { headers: { 'rollcall-active': 'yes' } }));

/** People who signed in as themselves, page by page. */
export const peopleQuery = infiniteQueryOptions({
  queryKey: ['people'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam: cursor }) =>
    body(api.GET('/api/v1/people', { params: { query: pageOf(cursor) } })),
  getNextPageParam: ({ next }) => next,
});

export const endSessionsOf = (personId: string) =>
  body(api.DELETE('/api/v1/people/{personId}/sessions', { params: { path: { personId } } }));
