import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { endStates, runsQuery } from '../../api/queries/runs.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Chips } from '../../ui/chips.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { StoreFilter } from '../../ui/store-filter.tsx';
import { runStatusWords } from '../../words.ts';
import { RunTable } from './run-table.tsx';

export function Runs() {
  useTitle('Runs');
  const search = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const { store, status = [] } = search;
  const runs = useInfiniteQuery(runsQuery({ ...(store !== undefined && { store }), status }));
  if (runs.isPending) return <Loading />;
  return (
    <div className="page">
      <div className="head">
        <h1>Runs</h1>
      </div>
      <section className="card" aria-label="Runs">
        <div className="card-head wrap">
          <Chips
            label="Status"
            options={endStates.map((value) => ({ value, label: runStatusWords[value] }))}
            chosen={status}
            onChange={(chosen) =>
              void navigate({
                search: {
                  ...(store !== undefined && { store }),
                  ...(chosen.length > 0 && { status: chosen }),
                },
              })
            }
          />
          <span className="grow" />
          <StoreFilter
            chosen={store}
            onChange={(id) =>
              void navigate({
                search: {
                  ...(id !== undefined && { store: id }),
                  ...(search.status && { status }),
                },
              })
            }
          />
        </div>
        {runs.isError ? (
          <Failure error={runs.error} onRetry={() => void runs.refetch()} />
        ) : (
          <>
            <RunTable runs={runs.data.pages.flatMap(({ items }) => items)} />
            <MoreButton query={runs} />
          </>
        )}
      </section>
    </div>
  );
}
