import { infiniteQueryOptions } from '@tanstack/react-query';
import { type AuditEntry, api, body } from '../client.ts';
import { betweenDays, type Days, pageOf } from './page.ts';

export interface AuditAsked extends Days {
  readonly store?: string | undefined;
  readonly action?: readonly AuditEntry['action'][] | undefined;
  /** The id of a token or a person. */
  readonly by?: string | undefined;
}

/** The audit, newest first, page by page. */
export const auditQuery = (asked: AuditAsked) =>
  infiniteQueryOptions({
    queryKey: ['audit', asked],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      body(
        api.GET('/api/v1/audit', {
          params: { query: { ...filterOf(asked), ...pageOf(cursor) } },
          signal,
        }),
      ),
    getNextPageParam: ({ next }) => next,
  });

/** The address of the audit as a file. */
export function auditFile(asked: AuditAsked): string {
  const pairs = Object.entries(filterOf(asked)).flatMap(([key, value]) =>
    [value].flat().map((one) => [key, one]),
  );
  const search = new URLSearchParams(pairs);
  return search.size === 0 ? '/api/v1/audit.csv' : `/api/v1/audit.csv?${search.toString()}`;
}

function filterOf({ store, action = [], by, ...days }: AuditAsked) {
  return {
    ...(store !== undefined && { store }),
    ...(action.length > 0 && { action: [...action] }),
    ...(by !== undefined && { by }),
    ...betweenDays(days),
  };
}
