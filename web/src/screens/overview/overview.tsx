import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import type { Activity, Store } from '../../api/client.ts';
import { attentionQuery } from '../../api/queries/overview.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Failure, Loading } from '../../ui/notice.tsx';
import { n, plural } from '../../words.ts';
import { NoStore } from '../stores/no-store.tsx';
import { StoreTable } from '../stores/store-table.tsx';
import { useStores } from '../stores/use-stores.ts';
import { Needs } from './needs.tsx';

/** What needs a person first, then the stores, then the last 24 hours. */
export function Overview() {
  useTitle('Overview');
  const { data, error, retry } = useStores();
  const attention = useQuery(attentionQuery);
  if (error !== null) return <Failure error={error} onRetry={retry} />;
  if (attention.data === undefined) {
    if (attention.error === null) return <Loading />;
    return <Failure error={attention.error} onRetry={() => void attention.refetch()} />;
  }
  if (data === null) return <Loading />;
  const { stores, runsOf, day } = data;
  const { items } = attention.data;
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>{titleOf(stores.length, items.length)}</h1>
          <p className="lead">{membersOf(stores)}</p>
        </div>
      </div>
      <Needs items={items} />
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
      {stores.length > 0 && <LastDay day={day} />}
    </div>
  );
}

function titleOf(stores: number, needs: number): string {
  if (needs > 0) return `${plural(needs, 'thing')} ${needs === 1 ? 'needs' : 'need'} you`;
  return stores === 0 ? 'No directory is connected' : 'Nothing needs you';
}

function membersOf(stores: readonly Store[]): string {
  const active = stores.reduce((sum, { members }) => sum + members.active, 0);
  const inactive = stores.reduce((sum, { members }) => sum + members.inactive, 0);
  return `${plural(stores.length, 'directory store')} · ${plural(active, 'active member')}, ${n(inactive)} inactive`;
}

const figures = [
  ['Create', ['create', 'adopt'], 'neutral'],
  ['Update', ['update'], 'neutral'],
  ['Reactivate', ['reactivate'], 'neutral'],
  ['Deactivate', ['deactivate'], 'neutral'],
  ['Delete', ['delete'], 'neutral'],
  ['Held', ['held'], 'held'],
  ['Conflicts', ['conflict'], 'neutral'],
  ['Problems', ['problem'], 'neutral'],
] as const;

/** What the runs of the last 24 hours planned, and how much of it was applied: what is held was not. */
function LastDay({ day: { runs, counts } }: { readonly day: Activity['day'] }) {
  const { create, adopt, update, reactivate, deactivate } = counts;
  const planned = create + adopt + update + reactivate + deactivate + counts.delete;
  return (
    <section className="card" aria-labelledby="day">
      <div className="card-head">
        <h2 id="day">Planned in the last 24 hours</h2>
        <span className="soft">
          {plural(runs, 'run')} · {n(counts.applied)} of {n(planned)} applied
          {counts.failed > 0 && `, ${n(counts.failed)} failed`}
        </span>
      </div>
      <dl className="stats">
        {figures.map(([label, names, tone]) => {
          const sum = names.reduce((total, name) => total + counts[name], 0);
          return (
            <div key={label} className={sum > 0 ? tone : ''}>
              <dt>{label}</dt>
              <dd>{n(sum)}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
