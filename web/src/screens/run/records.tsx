import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Run, RunRecord } from '../../api/client.ts';
import { recordsQuery } from '../../api/queries/runs.ts';
import { RecordBadge } from '../../ui/badge.tsx';
import { Changes } from '../../ui/changes.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Empty, Failure } from '../../ui/notice.tsx';
import { actionWords, n, recordStatusWords } from '../../words.ts';

interface RecordsProps {
  readonly run: Run;
  readonly waits: boolean;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

const filters: readonly RunRecord['status'][] = [
  'held',
  'applied',
  'reported',
  'failed',
  'rejected',
];

/** The records of a run. Held records can be selected, to decide on these alone. */
export function Records({ run, waits, chosen, onChoose }: RecordsProps) {
  const { status = waits ? 'held' : null } = useSearch({ from: '/runs/$runId' });
  const navigate = useNavigate({ from: '/runs/$runId' });
  const records = useInfiniteQuery(recordsQuery(run.id, status));
  const items = records.data?.pages.flatMap((page) => page.items) ?? [];
  const choose = (externalId: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(externalId);
    else next.delete(externalId);
    onChoose(next);
  };
  return (
    <section className="card" aria-labelledby="records">
      <div className="card-head wrap">
        <h2 id="records">People</h2>
        <fieldset className="chips">
          <legend className="sr">Show</legend>
          {filters.map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              aria-pressed={status === one}
              onClick={() =>
                void navigate({ search: status === one ? {} : { status: one }, replace: true })
              }
            >
              {recordStatusWords[one]}
            </button>
          ))}
        </fieldset>
        <span className="grow" />
        {chosen.size > 0 && <output>{n(chosen.size)} selected</output>}
      </div>
      {records.isError && <Failure error={records.error} onRetry={() => void records.refetch()} />}
      {records.data && items.length === 0 && (
        <Empty>
          <p>Nobody. Members that did not change have no record.</p>
        </Empty>
      )}
      {items.length > 0 && (
        <div className="table-wrap">
          <table className="table stores">
            <thead>
              <tr>
                <th scope="col">Person</th>
                <th scope="col">Change</th>
                <th scope="col">Status</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {items.map((record) => (
                <Row
                  key={record.seq}
                  record={record}
                  isChosen={chosen.has(record.externalId ?? '')}
                  onChoose={waits && record.status === 'held' ? choose : null}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <MoreButton query={records} />
    </section>
  );
}

interface RowProps {
  readonly record: RunRecord;
  readonly isChosen: boolean;
  readonly onChoose: ((externalId: string, isChosen: boolean) => void) | null;
}

function Row({ record, isChosen, onChoose }: RowProps) {
  const { externalId, email, action, status, reason, error, changes } = record;
  const name = email ?? externalId ?? '–';
  return (
    <tr>
      <th scope="row">
        {onChoose !== null && externalId !== null ? (
          <label className="choose">
            <input
              type="checkbox"
              checked={isChosen}
              onChange={(event) => onChoose(externalId, event.target.checked)}
            />
            <span dir="auto">{name}</span>
          </label>
        ) : (
          <span dir="auto">{name}</span>
        )}
        <span className="sub mono">{externalId}</span>
      </th>
      <td data-label="Change" className="wide">
        {actionWords[action]}
        <Changes changes={changes} />
      </td>
      <td data-label="Status">
        <RecordBadge status={status} />
      </td>
      <td data-label="Why" className="wide result">
        {reason}
        {error !== null && <span className="sub">{error}</span>}
      </td>
    </tr>
  );
}
