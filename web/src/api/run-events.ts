import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Run } from './client.ts';
import { runQuery } from './queries/runs.ts';

/** What a worker reports of a run under way. */
export interface RunProgress {
  readonly phase: 'listing' | 'confirming' | 'applying';
  readonly done: number;
  readonly total: number;
}

/** Follows a run that goes on, while the page is visible; returns what its worker reported last. */
export function useRunEvents(runId: string, isLive: boolean): RunProgress | null {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<RunProgress | null>(null);
  useEffect(() => {
    if (!isLive) return;
    let events: EventSource | null = null;
    const close = () => {
      events?.close();
      events = null;
    };
    const follow = () => {
      close();
      if (document.hidden) return;
      events = new EventSource(`/api/v1/runs/${encodeURIComponent(runId)}/events`);
      const take = ({ data }: MessageEvent<string>) => {
        const run = JSON.parse(data) as Run | null;
        if (run !== null) queries.setQueryData(runQuery(runId).queryKey, run);
      };
      events.addEventListener('run', take);
      events.addEventListener('progress', ({ data }: MessageEvent<string>) =>
        setProgress(JSON.parse(data) as RunProgress),
      );
      events.addEventListener('end', (event: MessageEvent<string>) => {
        take(event);
        close();
        setProgress(null);
        void queries.invalidateQueries();
      });
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      close();
    };
  }, [runId, isLive, queries]);
  return isLive ? progress : null;
}
