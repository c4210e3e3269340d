import { useQueryClient } from '@tanstack/react-query';
import { CloudOff, Hourglass } from 'lucide-react';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
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
  const [tries, setTries] = useState(0);
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
    if (trouble !== 'away') {
      setTries(0);
      return;
    }
    const timer = setTimeout(
      () => {
        void retry();
        setTries(tries + 1);
      },
      backoffMs(tries + 1),
    );
    return () => clearTimeout(timer);
  }, [trouble, tries, retry]);
  if (trouble === 'none') return null;
  if (trouble === 'busy') {
    return (
      <div className={css['away']} role="status">
        <Hourglass size={16} aria-hidden />
        <p>Many requests came from here. Rollcall answers the next ones within a minute.</p>
      </div>
    );
  }
  const read = cache.getAll().map(({ state }) => state.dataUpdatedAt);
  const latest = Math.max(0, ...read);
  return (
    <div className={css['away']} role="status">
      <CloudOff size={16} aria-hidden />
      <p>
        <strong>Rollcall can’t be reached.</strong>{' '}
        {latest > 0 && `What you see was read ${ago(new Date(latest).toISOString(), now)}.`} It is
        asked again by itself.
      </p>
      <Button small onClick={() => void retry()}>
        Try now
      </Button>
    </div>
  );
}
