import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ApiProblem } from '../../api/client.ts';
import {
  previewRevision,
  restoreRevision,
  revisionQuery,
  type WholeRevision,
} from '../../api/queries/revisions.ts';
import { isOver, runQuery } from '../../api/queries/runs.ts';
import { Actor } from '../../ui/actor.tsx';
import { RunBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { outcomeOf } from '../../words.ts';
import css from './history.module.css';
import { SettingChanges } from './setting-changes.tsx';

interface RestoreProps {
  readonly storeId: string;
  readonly revision: number;
  readonly onClose: () => void;
}

/** An earlier configuration as a draft: what it changes, whom it touches, then Save. */
export function Restore(props: RestoreProps) {
  const { storeId, revision } = props;
  const whole = useQuery(revisionQuery(storeId, revision));
  return (
    <section className="card" aria-labelledby="restore">
      <div className="card-head">
        <h2 id="restore">Restore configuration {revision}</h2>
        <Button small onClick={props.onClose}>
          Close
        </Button>
      </div>
      {whole.isPending && <Loading />}
      {whole.isError && <Failure error={whole.error} onRetry={() => void whole.refetch()} />}
      {whole.data && <Draft {...props} whole={whole.data} />}
    </section>
  );
}

function Draft({ storeId, whole, onClose }: RestoreProps & { readonly whole: WholeRevision }) {
  const queries = useQueryClient();
  const preview = useMutation({ mutationFn: () => previewRevision(storeId, whole) });
  const asked = preview.data;
  const run = useQuery({ ...runQuery(asked?.run.id ?? ''), enabled: asked !== undefined });
  const save = useMutation({
    mutationFn: (seen: { readonly base: number; readonly preview: string }) =>
      restoreRevision(storeId, whole, seen),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ['stores', storeId] }),
  });
  const late = save.error instanceof ApiProblem ? save.error.problem.current : undefined;
  const seen = asked && run.data?.status === 'planned' && run.data;
  const again = (): void => {
    save.reset();
    preview.mutate();
  };
  return (
    <>
      <div className={css['body']}>
        {asked === undefined && (
          <p>
            All sections go back to what they were. First see what that changes, and whom it
            touches.
          </p>
        )}
        {asked && <SettingChanges changes={asked.changes} />}
        {run.data && (
          <p className={css['outcome']} aria-live="polite">
            <RunBadge status={run.data.status} />
            <Link to="/runs/$runId" params={{ runId: run.data.id }}>
              {isOver(run.data) ? outcomeOf(run.data) : 'The preview is under way'}
            </Link>
          </p>
        )}
        {late && (
          <div role="alert" className="problem">
            <p>
              <strong>
                {late.by === null ? (
                  'The configuration was changed'
                ) : (
                  <>
                    <Actor actor={late.by} /> changed it
                  </>
                )}{' '}
                meanwhile
              </strong>
              {late.at !== null && (
                <>
                  {' '}
                  <Time at={late.at} />
                </>
              )}
              . Your draft is as it was.
            </p>
            {late.changes && <SettingChanges changes={late.changes} />}
          </div>
        )}
        {save.isError && late === undefined && <Failure error={save.error} />}
        {preview.isError && <Failure error={preview.error} />}
        {run.isError && <Failure error={run.error} />}
      </div>
      <div className={css['acts']}>
        <Button disabled={preview.isPending} onClick={again}>
          {asked === undefined ? 'See whom it touches' : 'Preview again'}
        </Button>
        <Button
          look="primary"
          disabled={!seen || save.isPending || late !== undefined}
          onClick={() => seen && save.mutate({ base: seen.configRevision, preview: seen.id })}
        >
          Save
        </Button>
      </div>
    </>
  );
}
