import { useTitle } from '../../shell/use-title.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { plural } from '../../words.ts';
import { NoStore } from './no-store.tsx';
import { StoreTable } from './store-table.tsx';
import { useStores } from './use-stores.ts';

export function Stores() {
  useTitle('Directory stores');
  const { data, error, retry } = useStores();
  if (error !== null) return <Failure error={error} onRetry={retry} />;
  if (data === null) return <Loading />;
  const { stores, runsOf } = data;
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>Directory stores</h1>
          <p className="lead">{plural(stores.length, 'store')}</p>
        </div>
        <ButtonLink look="primary" to="/stores/new">
          Add directory
        </ButtonLink>
      </div>
      <section className="card" aria-label="Directory stores">
        {stores.length === 0 ? <NoStore /> : <StoreTable stores={stores} runsOf={runsOf} />}
      </section>
    </div>
  );
}
