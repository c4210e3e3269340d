import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Run } from '../../api/client.ts';
import { RequestedBy } from '../../ui/actor.tsx';
import { RunBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/notice.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import { Time } from '../../ui/time.tsx';
import { duration, n, outcomeOf, runTitle } from '../../words.ts';
import { foldQuiet } from './fold-quiet.ts';
import css from './runs.module.css';

/** Runs, newest first. Those in a row that changed nothing are one line. */
export function RunTable({ runs }: { readonly runs: readonly Run[] }) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
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
          {foldQuiet(runs).map(({ id, runs: some }) =>
            some.length === 1 || opened.has(id) ? (
              some.map((run) => <Row key={run.id} run={run} />)
            ) : (
              <tr key={id} className={css['folded']}>
                <td colSpan={5} className="wide">
                  {n(some.length)} runs changed nothing.{' '}
                  <Button small look="quiet" onClick={() => setOpened(new Set([...opened, id]))}>
                    Show them
                  </Button>
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

function Row({ run }: { readonly run: Run }) {
  return (
    <tr>
      <th scope="row">
        <Link to="/runs/$runId" params={{ runId: run.id }} className="strong">
          {runTitle(run)}
        </Link>
        <span className="sub">
          <RequestedBy run={run} />
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
  );
}
