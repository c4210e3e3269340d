import { useQueryClient } from '@tanstack/react-query';
import { CloudOff, Hourglass } from 'lucide-react';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { backoffMs, busyForMs, isAway } from '../api/retries.ts';
import { Button } from '../ui/button.tsx';
import { useNow } from '../ui/time.tsx';
import { ago } from '../words.ts';
import css from './away.module.css';

/** Why what is shown may be old; `none` as long as the API answers. */
type Trouble = 'none' | 'away' | 'busy';

/** Says when the API can't be reached, how old the data are, and asks again, later each time. */
export function Away() {
  const queries = useQueryClient();
  const cache = queries.getQueryCache();
  const now = useNow();
  const trouble = useSyncExternalStore<Trouble>(
    useCallback((changed) => cache.subscribe(changed), [cache]),
    () => {
      const errors = cache
        .getAll()
        .filter((query) => query.isActive())
        .map(({ state }) => state.fetchFailureReason);
      if (errors.some(isAway)) return 'away';
      return errors.some((error) => busyForMs(error) !== null) ? 'busy' : 'none';
    },
  );
  const retry = useCallback(
    () =>
      queries.refetchQueries({
        type: 'active',
        predicate: ({ state }) => isAway(state.fetchFailureReason),
      }),
    [queries],
  );
  useEffect(() => {
    if (trouble !== 'away') return;
    let tries = 0;
    let timer: number;
    const tryLater = (): void => {
      tries += 1;
      timer = window.setTimeout(() => {
        void retry();
        tryLater();
      }, backoffMs(tries));
    };
    tryLater();
    return () => clearTimeout(timer);
  }, [trouble, retry]);
  if (trouble === 'none') return null;
  if (trouble === 'busy') {
    return (
      <output className={css['away']}>
        <Hourglass size={16} aria-hidden />
        <span className={css['text']}>
          Many requests came from here. Rollcall answers the next ones within a minute.
        </span>
      </output>
    );
  }
  const read = cache.getAll().map(({ state }) => state.dataUpdatedAt);
  const latest = Math.max(0, ...read);
  return (
    <output className={css['away']}>
      <CloudOff size={16} aria-hidden />
      <span className={css['text']}>
        <strong>Rollcall can’t be reached.</strong>{' '}
        {latest > 0 && `What you see was read ${ago(new Date(latest).toISOString(), now)}.`} It is
        asked again by itself.
      </span>
      <Button small onClick={() => void retry()}>
        Try now
      </Button>
    </output>
  );
}
