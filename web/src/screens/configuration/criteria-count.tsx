import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Sections } from '../../api/client.ts';
import { followCriteriaCount, type ScopeCount } from '../../api/queries/configuration.ts';
import { isSame } from '../../draft/lines.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import { n, plural } from '../../words.ts';
import css from './settings.module.css';
import type { Editing } from './use-editing.ts';

/** How many people match the drafted criteria, told as the directory is read. Leaving the screen ends the count. */
export function CriteriaCount({
  editing: { storeId, now, complaints },
}: {
  readonly editing: Editing;
}) {
  const [soFar, setSoFar] = useState<ScopeCount | null>(null);
  const [isStopped, setStopped] = useState(false);
  const asking = useRef<AbortController | null>(null);
  useEffect(() => () => asking.current?.abort(), []);
  const count = useMutation({
    mutationFn: (criteria: Sections['criteria']) => {
      asking.current = new AbortController();
      setSoFar(null);
      setStopped(false);
      const { signal } = asking.current;
      return followCriteriaCount(storeId, criteria, { signal, onCount: setSoFar });
    },
  });
  const stop = () => {
    setStopped(true);
    asking.current?.abort();
  };
  const isWrong = [...complaints.keys()].some((path) => path.startsWith('criteria'));
  const isCurrent = isSame(count.variables, now.criteria);
  const shown = count.data ?? soFar;
  return (
    <div className={css['acts']} aria-live="polite">
      {count.isPending ? (
        <Button small onClick={stop}>
          Stop counting
        </Button>
      ) : (
        <Button small disabled={isWrong} onClick={() => count.mutate(now.criteria)}>
          Count them
        </Button>
      )}
      {isCurrent && shown !== null && (
        <span>
          <strong>{n(shown.inScope)}</strong> of {plural(shown.listed, 'person', 'people')} would be
          synced
          {count.isPending && `; reading ${n(shown.total)}`}
          {count.isSuccess &&
            !shown.complete &&
            `; time was up before all ${n(shown.total)} were read`}
          {shown.unseen.length > 0 && count.isSuccess && `; nobody has ${shown.unseen.join(', ')}`}
        </span>
      )}
      {isCurrent && count.error !== null && !isStopped && <Failure error={count.error} />}
    </div>
  );
}
