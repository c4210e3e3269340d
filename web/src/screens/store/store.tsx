import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ChevronRight, Pause, Play, RefreshCw } from 'lucide-react';
import type { Store } from '../../api/client.ts';
import { latestRunsQuery } from '../../api/queries/runs.ts';
import {
  configurationQuery,
  pauseStore,
  resumeStore,
  startRun,
  storeQuery,
} from '../../api/queries/stores.ts';
import { useMay } from '../../shell/use-role.ts';
import { useTitle } from '../../shell/use-title.ts';
import { StoreBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { n, plural, roleWords } from '../../words.ts';
import { StoreTabs } from '../configuration/store-tabs.tsx';
import { RunTable } from '../runs/run-table.tsx';
import { SetupNote } from '../setup/setup-note.tsx';
import { ConfigurationCards } from './configuration.tsx';
import { Connection } from './connection.tsx';

const latest = 8;

/** One store: its connection, its configuration in words, its latest runs. */
export function StorePage() {
  const { storeId } = useParams({ from: '/stores/$storeId' });
  const store = useQuery(storeQuery(storeId));
  const configuration = useQuery(configurationQuery(storeId));
  const runs = useQuery(latestRunsQuery({ store: storeId }, latest));
  useTitle(store.data?.name ?? 'Store');
  if (store.isPending) return <Loading />;
  if (store.data === undefined || (store.isError && store.data.removal !== null)) {
    return <Failure error={store.error} onRetry={() => void store.refetch()} />;
  }
  const items = runs.data?.items ?? [];
  return (
    <div className="page">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link to="/stores">Directory stores</Link>
        <ChevronRight size={14} aria-hidden />
        <span aria-current="page">{store.data.name}</span>
      </nav>
      <Head store={store.data} />
      <StoreTabs storeId={storeId} />
      {store.data.removal === null && <SetupNote store={store.data} />}
      <Connection store={store.data} />
      {configuration.isError && <Failure error={configuration.error} />}
      {configuration.data && (
        <ConfigurationCards configuration={configuration.data} storeId={storeId} />
      )}
      <section className="card" aria-labelledby="latest">
        <div className="card-head">
          <h2 id="latest">Latest runs</h2>
          <Link to="/runs" search={{ store: storeId }} className="more">
            All runs
          </Link>
        </div>
        {runs.isError && <Failure error={runs.error} />}
        {runs.data && <RunTable runs={items} />}
      </section>
    </div>
  );
}

function Head({ store }: { readonly store: Store }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayChange = useMay('admin');
  const isPaused = store.status === 'paused';
  const sync = useMutation({
    mutationFn: (mode: 'full' | 'plan') => startRun(store.id, mode),
    onSuccess: ({ id }) => navigate({ to: '/runs/$runId', params: { runId: id } }),
  });
  const pause = useMutation({
    mutationFn: () => (isPaused ? resumeStore(store.id) : pauseStore(store.id)),
    onSettled: () => queries.invalidateQueries({ queryKey: ['stores'] }),
  });
  const mayRun = mayChange && store.status === 'active' && !sync.isPending;
  const failure = sync.error ?? pause.error;
  return (
    <>
      <div className="head">
        <div>
          <h1 dir="auto">{store.name}</h1>
          <p className="lead row">
            <StoreBadge store={store} />
            <span>
              {store.removal === null
                ? `${n(store.members.active)} active, ${n(store.members.inactive)} inactive members`
                : `${plural(store.members.active + store.members.inactive, 'member')} left`}
            </span>
          </p>
        </div>
        <div className="acts">
          <Button
            disabled={
              !mayChange ||
              pause.isPending ||
              store.status === 'needs-reauthorization' ||
              store.removal !== null
            }
            onClick={() => pause.mutate()}
          >
            {isPaused ? <Play size={15} aria-hidden /> : <Pause size={15} aria-hidden />}
            {isPaused ? 'Resume' : 'Pause'}
          </Button>
          <Button disabled={!mayRun} onClick={() => sync.mutate('plan')}>
            Preview
          </Button>
          <Button look="primary" disabled={!mayRun} onClick={() => sync.mutate('full')}>
            <RefreshCw size={15} aria-hidden />
            Sync now
          </Button>
        </div>
      </div>
      {!mayChange && <p className="soft">To sync or pause a store takes {roleWords.admin}.</p>}
      {failure !== null && <Failure error={failure} />}
    </>
  );
}
