import { Link } from '@tanstack/react-router';
import type { Run } from '../../api/client.ts';
import { RunBadge } from '../../ui/badge.tsx';
import { Empty } from '../../ui/notice.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import { Time } from '../../ui/time.tsx';
import { actorName, duration, modeWords, outcomeOf } from '../../words.ts';

/** Runs, newest first. */
export function RunTable({ runs }: { readonly runs: readonly Run[] }) {
  if (runs.length === 0) {
    return (
      <Empty>
        <p>No run. One appears here when a store is synced, by its schedule or by “Sync now”.</p>
      </Empty>
    );
  }
  return (
    <div className="table-wrap">
      <table className="table stores">
        <TableHead columns={['Run', 'Status', 'Result', 'When', 'Took']} />
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <th scope="row">
                <Link to="/runs/$runId" params={{ runId: run.id }} className="strong">
                  {modeWords[run.mode]} of {run.storeName ?? 'a removed store'}
                </Link>
                <span className="sub">
                  {run.trigger === 'schedule' ? 'by schedule' : `by ${actorName(run.requestedBy)}`}
                </span>
              </th>
              <td data-label="Status">
                <RunBadge status={run.status} />
              </td>
              <td data-label="Result" className="wide result">
                {outcomeOf(run)}
              </td>
              <td data-label="When">
                <Time at={run.startedAt ?? run.createdAt} />
              </td>
              <td data-label="Took" className="num soft">
                {duration(run) ?? '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
