import { useSearch } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import type { RecordsFilter } from '../../api/queries/runs.ts';

/** The filter of the address and of the typed text; a run that waits shows what it holds first. */
export function useRecordsFilter(waits: boolean, text: string): RecordsFilter {
  const { status, action, reason, department, location } = useSearch({ from: '/runs/$runId' });
  const q = useDeferredValue(text.trim());
  const shown = status ?? (waits && action === undefined ? 'held' : undefined);
  return {
    kind: 'user',
    ...(shown !== undefined && { status: shown }),
    ...(action !== undefined && { action }),
    ...(reason !== undefined && { reason }),
    ...(department !== undefined && { department: department === '' ? null : department }),
    ...(location !== undefined && { location: location === '' ? null : location }),
    ...(q !== '' && { q }),
  };
}
