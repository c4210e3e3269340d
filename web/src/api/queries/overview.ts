import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../client.ts';

/** What waits for a person, the most urgent first. */
export const attentionQuery = queryOptions({
  queryKey: ['attention'],
  queryFn: () => body(api.GET('/api/v1/attention')),
});

/** The latest runs of each store, and the sums of the last 24 hours. */
export const activityQuery = queryOptions({
  queryKey: ['activity'],
  queryFn: () => body(api.GET('/api/v1/activity')),
});
