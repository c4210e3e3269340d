import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import type { Run, Store } from '../../api/client.ts';
import { heldRunsQuery } from '../../api/queries/runs.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Failure, Loading } from '../../ui/notice.tsx';
import { useNow } from '../../ui/time.tsx';
import { n, plural } from '../../words.ts';
import { NoStore } from '../stores/no-store.tsx';
import { StoreTable } from '../stores/store-table.tsx';
import { useStores } from '../stores/use-stores.ts';
import { Needs, needsOf } from './needs.tsx';

const dayMs = 86_400_000;

/** What needs a person first, then the stores, then the last 24 hours. */
export function Overview() {
  useTitle('Overview');
  const { data, error, retry } = useStores();
  const held = useQuery(heldRunsQuery);
  if (error !== null) return <Failure error={error} onRetry={retry} />;
  if (held.isError) return <Failure error={held.error} onRetry={() => void held.refetch()} />;
  if (data === null || held.isPending) return <Loading />;
  const { stores, runsOf } = data;
  const needs = stores.flatMap((store) =>
    needsOf(store, { runs: runsOf.get(store.id) ?? [], held: held.data.items }),
  );
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{titleOf(stores.length, needs.length)}</h1>
          <p className="lead">{membersOf(stores)}</p>
        </div>
      </div>
      <Needs needs={needs} />
      <section className="card" aria-labelledby="stores">
        <div className="card-head">
          <h2 id="stores">Directory stores</h2>
          <Link to="/stores" className="more">
            All stores
            <ArrowRight size={14} aria-hidden />
          </Link>
        </div>
        {stores.length === 0 ? <NoStore /> : <StoreTable stores={stores} runsOf={runsOf} />}
      </section>
      {stores.length > 0 && <LastDay runs={[...runsOf.values()].flat()} />}
    </div>
  );
}

function titleOf(stores: number, needs: number): string {
  if (stores === 0) return 'No directory is connected';
  if (needs === 0) return 'Nothing needs you';
  return `${plural(needs, 'thing')} ${needs === 1 ? 'needs' : 'need'} you`;
}

function membersOf(stores: readonly Store[]): string {
  const active = stores.reduce((sum, { members }) => sum + members.active, 0);
  const inactive = stores.reduce((sum, { members }) => sum + members.inactive, 0);
  return `${plural(stores.length, 'directory store')} · ${plural(active, 'active member')}, ${n(inactive)} inactive`;
}

const figures = [
  ['Changes applied', 'applied', 'neutral'],
  ['Held', 'held', 'held'],
  ['Failed', 'failed', 'bad'],
  ['Conflicts', 'conflict', 'neutral'],
  ['Problems', 'problem', 'neutral'],
] as const;

function LastDay({ runs }: { readonly runs: readonly Run[] }) {
  const now = useNow();
  const recent = runs.filter(
    ({ createdAt, mode }) => now - Date.parse(createdAt) < dayMs && mode !== 'plan',
  );
  const sum = (name: keyof Run['counts']) =>
    recent.reduce((total, { counts }) => total + counts[name], 0);
  return (
    <section className="card" aria-labelledby="day">
      <div className="card-head">
        <h2 id="day">Last 24 hours</h2>
        <span className="soft">{plural(recent.length, 'run')}</span>
      </div>
      <dl className="stats">
        {figures.map(([label, name, tone]) => (
          <div key={name} className={sum(name) > 0 ? tone : ''}>
            <dt>{label}</dt>
            <dd>{n(sum(name))}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
