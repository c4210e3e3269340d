import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Run, Store } from '../../api/client.ts';
import { startRun } from '../../api/queries/connect.ts';
import { firstRecordsQuery, isOver, latestRunsQuery, runQuery } from '../../api/queries/runs.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import { actionWords } from '../../words.ts';
import { Outcome } from '../configuration/save-bar.tsx';
import css from './wizard.module.css';

/** The latest preview of the configuration as it is stored; null when there is none. */
export function useStoredPreview({ id, configRevision }: Store): Run | null {
  const runs = useQuery({ ...latestRunsQuery({ store: id }, 1), staleTime: 0 });
  const latest = runs.data?.items[0];
  const isOfNow = latest?.mode === 'plan' && latest.configRevision === configRevision;
  const run = useQuery({ ...runQuery(latest?.id ?? ''), enabled: isOfNow });
  return isOfNow ? (run.data ?? latest) : null;
}

/** A preview run of the store, and its first people. */
export function PreviewStep({ store, run }: { readonly store: Store; readonly run: Run | null }) {
  const queries = useQueryClient();
  const ask = useMutation({
    mutationFn: () => startRun(store.id, 'plan'),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
  const isGoing = ask.isPending || (run !== null && !isOver(run));
  return (
    <section className="card" aria-labelledby="preview">
      <div className="card-head">
        <h2 id="preview">What a sync would do</h2>
        <Button disabled={isGoing || store.status !== 'active'} onClick={() => ask.mutate()}>
          {run === null ? 'Preview' : 'Preview again'}
        </Button>
      </div>
      {ask.error !== null && <Failure error={ask.error} />}
      {run === null ? (
        <p className="empty">
          A preview reads the directory and changes nothing. Then you see each person it would add.
        </p>
      ) : (
        <div className={css['form']}>
          <Outcome run={run} />
        </div>
      )}
      {run?.status === 'planned' && <FirstPeople runId={run.id} />}
    </section>
  );
}

const shown = 8;

function FirstPeople({ runId }: { readonly runId: string }) {
  const records = useQuery(firstRecordsQuery(runId));
  const items = records.data?.items.slice(0, shown) ?? [];
  return (
    <ul className={css['people']} aria-label="The first people">
      {items.map(({ seq, email, externalId, action }) => (
        <li key={seq}>
          <span dir="auto">{email ?? externalId}</span>
          <span className="soft">{actionWords[action]}</span>
        </li>
      ))}
    </ul>
  );
}

/** Starts the first sync, and shows it. */
export function SyncNow({ store, run }: { readonly store: Store; readonly run: Run | null }) {
  const navigate = useNavigate();
  const sync = useMutation({
    mutationFn: () => startRun(store.id, 'full'),
    onSuccess: ({ id }) => navigate({ to: '/runs/$runId', params: { runId: id } }),
  });
  return (
    <>
      {sync.error !== null && <Failure error={sync.error} />}
      <Button
        look="primary"
        disabled={run?.status !== 'planned' || sync.isPending}
        onClick={() => sync.mutate()}
      >
        Sync now
      </Button>
    </>
  );
}
