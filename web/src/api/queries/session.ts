import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../client.ts';

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
