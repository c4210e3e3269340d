import { Link } from '@tanstack/react-router';
import type { Activity, Store } from '../../api/client.ts';
import { StoreBadge } from '../../ui/badge.tsx';
import { RunBars } from '../../ui/run-bars.tsx';
import { Time } from '../../ui/time.tsx';
import { n } from '../../words.ts';
import css from './store-table.module.css';

type Runs = Activity['items'][number]['runs'];

/** Stores with their state and latest runs. */
export function StoreTable({
  stores,
  runsOf,
}: {
  readonly stores: readonly Store[];
  readonly runsOf: ReadonlyMap<string, Runs>;
}) {
  return (
    <div className="table-wrap">
      <table className={`table ${css['stores']}`}>
        <thead>
          <tr>
            <th scope="col">Store</th>
            <th scope="col">State</th>
            <th scope="col" className="num">
              Active
            </th>
            <th scope="col" className="num">
              Inactive
            </th>
            <th scope="col">Last 14 runs</th>
            <th scope="col">Last sync</th>
            <th scope="col">Next run</th>
          </tr>
        </thead>
        <tbody>
          {stores.map((store) => (
            <Row key={store.id} store={store} runs={runsOf.get(store.id) ?? []} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ store, runs }: { readonly store: Store; readonly runs: Runs }) {
  const { id, name, region, via, members, lastSync } = store;
  return (
    <tr>
      <th scope="row">
        <Link to="/stores/$storeId" params={{ storeId: id }} className="strong">
          {name}
        </Link>
        <span className="sub">
          JumpCloud {region.toUpperCase()} ·{' '}
          {via === 'scim' ? 'pushes over SCIM' : 'asked over its API'}
        </span>
      </th>
      <td data-label="State" className={css['state']}>
        <StoreBadge store={store} />
      </td>
      <td data-label="Active" className="num">
        {n(members.active)}
      </td>
      <td data-label="Inactive" className="num soft">
        {n(members.inactive)}
      </td>
      <td data-label="Last 14 runs" className={css['wide']}>
        {runs.length === 0 ? <span className="soft">none yet</span> : <RunBars runs={runs} />}
      </td>
      <td data-label="Last sync">
        {lastSync === null ? (
          <span className="soft">never</span>
        ) : (
          <Time at={lastSync.finishedAt ?? lastSync.createdAt} />
        )}
      </td>
      <td data-label="Next run">
        <NextRun store={store} />
      </td>
    </tr>
  );
}

function NextRun({ store: { nextRunAt, via, status } }: { readonly store: Store }) {
  if (nextRunAt !== null) return <Time at={nextRunAt} />;
  if (status !== 'active') return <span className="soft">stopped</span>;
  return <span className="soft">{via === 'scim' ? 'when it pushes' : 'by hand'}</span>;
}
