import { queryOptions } from '@tanstack/react-query';
import { api, body, type Person } from '../client.ts';

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

const pagePeople = 500;

/** All people who signed in as themselves: the actors `user:<id>`. */
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  staleTime: 60_000,
  async queryFn({ signal }) {
    const people: Person[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = { limit: pagePeople, ...(cursor !== undefined && { cursor }) };
      const page = await body(api.GET('/api/v1/people', { params: { query }, signal }));
      people.push(...page.items);
      cursor = page.next;
    }
    return people;
  },
});
