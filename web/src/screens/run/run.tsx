import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Run } from '../../api/client.ts';
import { isOver, runQuery } from '../../api/queries/runs.ts';
import { useTitle } from '../../shell/use-title.ts';
import { RunBadge } from '../../ui/badge.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { actorName, duration, modeWords, n, plural } from '../../words.ts';
import { CertificateCard, OutcomeCard } from './cards.tsx';
import { Decisions } from './decisions.tsx';
import { Records } from './records.tsx';

/** One run: what it did, whether its listing is complete, its records, and what waits for a decision. */
export function RunPage() {
  const { runId } = useParams({ from: '/runs/$runId' });
  const run = useQuery(runQuery(runId));
  useTitle(run.data === undefined ? 'Run' : titleOf(run.data));
  if (run.isPending) return <Loading />;
  if (run.isError) return <Failure error={run.error} onRetry={() => void run.refetch()} />;
  return <Loaded run={run.data} />;
}

/** Whether changes of the run wait for a person. */
const isWaiting = ({ status, resolvedAt, counts }: Run): boolean =>
  status === 'held' && resolvedAt === null && counts.held > 0;

function titleOf(run: Run): string {
  if (isWaiting(run)) {
    const { held } = run.counts;
    return `${plural(held, 'change')} ${held === 1 ? 'waits' : 'wait'} for you`;
  }
  return `${modeWords[run.mode]} of ${run.storeName ?? 'a removed store'}`;
}

function Loaded({ run }: { readonly run: Run }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const took = duration(run);
  const waits = isWaiting(run);
  return (
    <div className="page">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link to="/runs">Runs</Link>
        <ChevronRight size={14} aria-hidden />
        {run.store !== null && (
          <>
            <Link to="/stores/$storeId" params={{ storeId: run.store }}>
              {run.storeName}
            </Link>
            <ChevronRight size={14} aria-hidden />
          </>
        )}
        <span className="mono" aria-current="page">
          {run.id}
        </span>
      </nav>
      <div className="head">
        <div>
          <h1 dir="auto">{titleOf(run)}</h1>
          <p className="lead row">
            <RunBadge status={run.status} />
            <span>
              {run.trigger === 'schedule' ? 'by schedule' : `by ${actorName(run.requestedBy)}`}
            </span>
            <Time at={run.startedAt ?? run.createdAt} />
            {took !== null && <span>took {took}</span>}
            <span className="hide-small">configuration {run.configRevision}</span>
          </p>
        </div>
        <Decisions run={run} waits={waits} chosen={chosen} onDecided={() => setChosen(new Set())} />
      </div>
      {!isOver(run) && <Progress run={run} />}
      {run.error !== null && (
        <div className="problem" role="alert">
          <p>
            <strong>{run.error.message}</strong>
          </p>
          <p>No member was removed. The next run tries again.</p>
        </div>
      )}
      {run.warnings.length > 0 && (
        <section className={waits ? 'card need held tall' : 'card'} aria-labelledby="warnings">
          <h2 id="warnings">{waits ? 'Why this is held' : 'Warnings'}</h2>
          <ul className="lines">
            {run.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </section>
      )}
      <div className="two">
        <OutcomeCard run={run} />
        <CertificateCard run={run} />
      </div>
      <Records run={run} waits={waits} chosen={chosen} onChoose={setChosen} />
    </div>
  );
}

function Progress({ run }: { readonly run: Run }) {
  return (
    <output className="card progress">
      {run.status === 'queued'
        ? 'Waits for a worker.'
        : `${n(run.counts.listed)} people read, ${n(run.counts.applied)} changes applied so far.`}
    </output>
  );
}
