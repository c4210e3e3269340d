import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Run } from '../../api/client.ts';
import { endStates, runsQuery } from '../../api/queries/runs.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Chips } from '../../ui/chips.tsx';
import { DayFilter } from '../../ui/day-filter.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { StoreFilter } from '../../ui/store-filter.tsx';
import { modeWords, runStatusWords } from '../../words.ts';
import { RunTable } from './run-table.tsx';

const modes = Object.keys(modeWords) as Run['mode'][];

/** All runs, newest first, by store, status, mode and day. */
export function Runs() {
  useTitle('Runs');
  const search = useSearch({ from: '/runs' });
  const runs = useInfiniteQuery(runsQuery(search));
  return (
    <div className="page">
      <div className="head">
        <h1>Runs</h1>
      </div>
      <section className="card" aria-label="Runs">
        <Filters />
        {runs.isPending && <Loading />}
        {runs.isError && <Failure error={runs.error} onRetry={() => void runs.refetch()} />}
        {runs.isSuccess && (
          <>
            <RunTable runs={runs.data.pages.flatMap(({ items }) => items)} />
            <MoreButton query={runs} />
          </>
        )}
      </section>
    </div>
  );
}

function Filters() {
  const search = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  /** Replaces one part of the filter; an empty one is left out. */
  const set = (key: keyof typeof search, value: string | readonly string[] | undefined) => {
    const { [key]: _before, ...others } = search;
    const isNone = value === undefined || value.length === 0;
    void navigate({ search: isNone ? others : { ...others, [key]: value } });
  };
  return (
    <div className="card-head wrap">
      <Chips
        label="Status"
        options={endStates.map((value) => ({ value, label: runStatusWords[value] }))}
        chosen={search.status ?? []}
        onChange={(chosen) => set('status', chosen)}
      />
      <span className="grow" />
      <label className="pick">
        <span className="sr">Kind</span>
        <select
          className="input"
          value={search.mode?.[0] ?? ''}
          onChange={({ target: { value } }) => set('mode', value === '' ? [] : [value])}
        >
          <option value="">All kinds</option>
          {modes.map((mode) => (
            <option key={mode} value={mode}>
              {modeWords[mode]}
            </option>
          ))}
        </select>
      </label>
      <StoreFilter chosen={search.store} onChange={(id) => set('store', id)} />
      <DayFilter from={search.from} to={search.to} onChange={set} />
    </div>
  );
}
