import { useQueries, useQuery } from '@tanstack/react-query';
import { latestRunsQuery, storesQuery } from '../../api/queries.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Failure, Loading } from '../../ui/notice.tsx';
import { plural } from '../../words.ts';
import { NoStore } from './no-store.tsx';
import { StoreTable } from './store-table.tsx';

const latest = 20;

export function Stores() {
  useTitle('Directory stores');
  const stores = useQuery(storesQuery);
  const items = stores.data?.items ?? [];
  const runs = useQueries({
    queries: items.map(({ id }) => latestRunsQuery({ store: id }, latest)),
  });
  if (stores.isPending) return <Loading />;
  if (stores.isError) {
    return <Failure error={stores.error} onRetry={() => void stores.refetch()} />;
  }
  const runsOf = new Map(items.map(({ id }, index) => [id, runs[index]?.data?.items ?? []]));
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>Directory stores</h1>
          <p className="lead">{plural(items.length, 'store')}</p>
        </div>
      </div>
      <section className="card" aria-label="Directory stores">
        {items.length === 0 ? <NoStore /> : <StoreTable stores={items} runsOf={runsOf} />}
      </section>
    </div>
  );
}
