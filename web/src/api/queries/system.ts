import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../client.ts';

const askEveryMs = 10_000;

/** Services, worker processes, queues, limits and versions. */
export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: () => body(api.GET('/api/v1/system')),
  refetchInterval: askEveryMs,
});
