import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ChevronRight, Pause, Play, RefreshCw } from 'lucide-react';
import { api, body, type Store } from '../../api/client.ts';
import { latestRunsQuery } from '../../api/queries/runs.ts';
import { configurationQuery, storeQuery } from '../../api/queries/stores.ts';
import { useMay } from '../../shell/use-role.ts';
import { useTitle } from '../../shell/use-title.ts';
import { StoreBadge } from '../../ui/badge.tsx';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { actorName, n } from '../../words.ts';
import { StoreTabs } from '../configuration/store-tabs.tsx';
import { RunTable } from '../runs/run-table.tsx';
import { SetupNote } from '../setup/setup-note.tsx';
import { ConfigurationCards } from './configuration.tsx';

const latest = 8;

/** One store: its connection, its configuration in words, its latest runs. */
export function StorePage() {
  const { storeId } = useParams({ from: '/stores/$storeId' });
  const store = useQuery(storeQuery(storeId));
  const configuration = useQuery(configurationQuery(storeId));
  const runs = useQuery(latestRunsQuery({ store: storeId }, latest));
  useTitle(store.data?.name ?? 'Store');
  if (store.isPending) return <Loading />;
  if (store.isError) {
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
      <SetupNote store={store.data} />
      <Connection store={store.data} />
      {configuration.isError && <Failure error={configuration.error} />}
      {configuration.data && <ConfigurationCards configuration={configuration.data} />}
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
  const path = { storeId: store.id };
  const sync = useMutation({
    mutationFn: (mode: 'full' | 'plan') =>
      body(api.POST('/api/v1/stores/{storeId}/runs', { params: { path }, body: { mode } })),
    onSuccess: ({ id }) => navigate({ to: '/runs/$runId', params: { runId: id } }),
  });
  const pause = useMutation({
    mutationFn: () =>
      store.status === 'paused'
        ? body(api.POST('/api/v1/stores/{storeId}/resume', { params: { path } }))
        : body(api.POST('/api/v1/stores/{storeId}/pause', { params: { path } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['stores'] }),
  });
  const isPaused = store.status === 'paused';
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
              {n(store.members.active)} active, {n(store.members.inactive)} inactive members
            </span>
          </p>
        </div>
        <div className="acts">
          <Button disabled={!mayChange || pause.isPending} onClick={() => pause.mutate()}>
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
      {!mayChange && <p className="soft">To sync or pause a store takes the role admin.</p>}
      {failure !== null && <Failure error={failure} />}
    </>
  );
}

function Connection({ store }: { readonly store: Store }) {
  const { region, via, orgId, owner, nextRunAt, createdAt, status } = store;
  return (
    <section className="card" aria-labelledby="connection">
      <div className="card-head">
        <h2 id="connection">Connection</h2>
        <ButtonLink to="/members" search={{ store: store.id }} small>
          Members
        </ButtonLink>
      </div>
      {status === 'needs-reauthorization' && (
        <p className="foot-note">
          The directory refuses the credential. Give the store a new one with{' '}
          <code>rollcall store reauthorize {store.name} --api-key-stdin</code>
        </p>
      )}
      <dl className="facts">
        <dt>Directory</dt>
        <dd>
          JumpCloud {region.toUpperCase()},{' '}
          {via === 'scim' ? 'pushes over SCIM' : 'asked over its API'}
        </dd>
        <dt>Organization</dt>
        <dd className="mono">{orgId === '' ? '–' : orgId}</dd>
        <dt>Owner</dt>
        <dd>{actorName(owner)}</dd>
        <dt>Next run</dt>
        <dd>{nextRunAt === null ? 'not scheduled' : <Time at={nextRunAt} />}</dd>
        <dt>Added</dt>
        <dd>
          <Time at={createdAt} />
        </dd>
      </dl>
    </section>
  );
}
