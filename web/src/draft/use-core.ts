import { queryOptions, useQuery } from '@tanstack/react-query';
import { loadFile } from '../shell/reload.ts';

/** The rules of Rollcall itself, loaded when a configuration is edited. */
const coreQuery = queryOptions({
  queryKey: ['core'],
  queryFn: () => loadFile(() => import('./core.ts')),
  staleTime: Number.POSITIVE_INFINITY,
});

export type Core = typeof import('./core.ts');

/** Null while it is loaded. */
export const useCore = (): Core | null => useQuery(coreQuery).data ?? null;
