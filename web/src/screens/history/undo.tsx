import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { revisionQuery, undoRuns } from '../../api/queries/revisions.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { n, outcomeOf, plural } from '../../words.ts';
import css from './history.module.css';

/** The syncs that used a configuration, and taking back what they applied. */
export function RunsOfRevision({
  storeId,
  revision,
  mayChange,
}: {
  readonly storeId: string;
  readonly revision: number;
  readonly mayChange: boolean;
}) {
  const queries = useQueryClient();
  const whole = useQuery(revisionQuery(storeId, revision));
  const [isAsking, setAsking] = useState(false);
  const [done, setDone] = useState(0);
  const runs = whole.data?.latestRuns ?? [];
  const applied = runs.filter(({ counts }) => counts.applied > 0);
  const changes = applied.reduce((sum, { counts }) => sum + counts.applied, 0);
  const undo = useMutation({
    mutationFn: () => undoRuns(applied, setDone),
    onMutate: () => {
      setAsking(false);
      setDone(0);
    },
    onSettled: () =>
      Promise.all(
        ['stores', 'runs', 'members'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
      ),
  });
  if (whole.isPending) return <Loading />;
  if (whole.isError) return <Failure error={whole.error} onRetry={() => void whole.refetch()} />;
  const isPart = whole.data.runs > runs.length;
  return (
    <>
      <ul className={css['runs']}>
        {runs.map((run) => (
          <li key={run.id}>
            <Link to="/runs/$runId" params={{ runId: run.id }}>
              {outcomeOf(run)}
            </Link>{' '}
            <Time at={run.startedAt ?? run.createdAt} />
          </li>
        ))}
      </ul>
      {isPart && (
        <p className="soft">
          These are the newest {n(runs.length)} of {n(whole.data.runs)}.
        </p>
      )}
      {applied.length > 0 && (
        <p>
          <Button small disabled={!mayChange || undo.isPending} onClick={() => setAsking(true)}>
            Undo these runs, newest first…
          </Button>
        </p>
      )}
      <p aria-live="polite" className="soft">
        {undo.isPending && `${n(done)} of ${plural(applied.length, 'run')} taken back`}
        {undo.isSuccess && `${plural(applied.length, 'run')} taken back. The store is paused.`}
      </p>
      {undo.isError && <Failure error={undo.error} />}
      {isAsking && (
        <Confirm
          title={`Undo ${plural(applied.length, 'run')}?`}
          action={`Undo ${plural(changes, 'change')}`}
          count={changes}
          busy={undo.isPending}
          onConfirm={() => undo.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>
            {plural(applied.length, 'run')} applied {plural(changes, 'change')}. They are taken back
            one run after the other, where the member still has what the run gave it. The store is
            paused until you resume it.
          </p>
        </Confirm>
      )}
    </>
  );
}
