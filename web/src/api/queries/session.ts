import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../client.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => body(api.GET('/api/v1/session')),
  staleTime: 60_000,
});
