import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight, Download } from 'lucide-react';
import { useState } from 'react';
import type { Run } from '../../api/client.ts';
import { isOver, runQuery } from '../../api/queries/runs.ts';
import { type RunProgress, useRunEvents } from '../../api/run-events.ts';
import { useTitle } from '../../shell/use-title.ts';
import { RequestedBy } from '../../ui/actor.tsx';
import { RunBadge } from '../../ui/badge.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { appliedIn, duration, heldIn, heldPlural, n, plural, runTitle } from '../../words.ts';
import { CertificateCard, OutcomeCard } from './cards.tsx';
import { Decisions } from './decisions.tsx';
import { GroupRecords } from './group-records.tsx';
import { HeldPanel } from './held-panel.tsx';
import { Records } from './records.tsx';
import css from './run.module.css';
import { noneChosen, type Selection } from './selection.ts';

/** One run: what it did, whether its listing is complete, its records, and what waits for a decision. */
export function RunPage() {
  const { runId } = useParams({ from: '/runs/$runId' });
  const run = useQuery(runQuery(runId));
  useTitle(run.data === undefined ? 'Run' : titleOf(run.data));
  if (run.isPending) return <Loading />;
  if (run.isError) return <Failure error={run.error} onRetry={() => void run.refetch()} />;
  return <Loaded key={run.data.id} run={run.data} />;
}

/** Whether changes of the run wait for a person. */
const isWaiting = (run: Run): boolean =>
  run.status === 'held' && run.resolvedAt === null && heldIn(run) > 0;

function titleOf(run: Run): string {
  if (isWaiting(run)) {
    const held = heldIn(run);
    return `${heldPlural(run, held)} ${held === 1 ? 'waits' : 'wait'} for you`;
  }
  return runTitle(run);
}

function Loaded({ run }: { readonly run: Run }) {
  const [selection, setSelection] = useState<Selection>(noneChosen);
  const progress = useRunEvents(run.id, !isOver(run));
  const waits = isWaiting(run);
  return (
    <div className="page">
      <Crumbs run={run} />
      <div className="head">
        <div>
          <h1 dir="auto">{titleOf(run)}</h1>
          <Lead run={run} />
        </div>
        <Decisions run={run} waits={waits} onDecided={() => setSelection(noneChosen)} />
      </div>
      {!isOver(run) && <Progress run={run} progress={progress} />}
      <LastDecision run={run} />
      {run.error !== null && (
        <div className="problem" role="alert">
          <p>
            <strong>{run.error.message}</strong>
          </p>
          <p>No member was removed. The next run tries again.</p>
        </div>
      )}
      {waits && <HeldPanel run={run} />}
      <Warnings run={run} waits={waits} />
      <div className="two">
        <OutcomeCard run={run} />
        <CertificateCard run={run} />
      </div>
      <GroupRecords run={run} waits={waits} />
      <Records
        run={run}
        waits={waits && run.counts.held > 0}
        selection={selection}
        onSelect={setSelection}
      />
    </div>
  );
}

function Crumbs({ run }: { readonly run: Run }) {
  return (
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
  );
}

function Lead({ run }: { readonly run: Run }) {
  const took = duration(run);
  return (
    <p className="lead row">
      <RunBadge status={run.status} />
      <RequestedBy run={run} />
      <Time at={run.startedAt ?? run.createdAt} />
      {took !== null && <span>took {took}</span>}
      <span className="hide-small">
        {run.proposed
          ? `a configuration that is not saved, made from ${n(run.baseRevision ?? 0)}`
          : `configuration ${n(run.configRevision)}`}
      </span>
      {run.undoOf !== null && (
        <Link to="/runs/$runId" params={{ runId: run.undoOf }}>
          undoes an earlier run
        </Link>
      )}
      <a className={css['download']} href={`/api/v1/runs/${run.id}/records.csv`} download>
        <Download size={14} aria-hidden />
        Download as CSV
      </a>
    </p>
  );
}

const phaseWords: Readonly<Record<RunProgress['phase'], string>> = {
  listing: 'Reading the directory',
  confirming: 'Asking the directory for each person again',
  applying: 'Applying',
};

function Progress({ run, progress }: { readonly run: Run; readonly progress: RunProgress | null }) {
  if (progress === null) {
    const text =
      run.status === 'queued'
        ? 'Waits for a worker.'
        : `${n(run.counts.listed)} people read, ${n(appliedIn(run))} changes applied so far.`;
    return <output className={`card ${css['progress']}`}>{text}</output>;
  }
  const { phase, done, total } = progress;
  const label = `${phaseWords[phase]}: ${n(done)} of ${n(Math.max(done, total))}`;
  return (
    <div className={`card ${css['progress']}`}>
      <output>{label}</output>
      <progress aria-label={phaseWords[phase]} value={done} max={Math.max(1, done, total)} />
    </div>
  );
}

/** What became of the latest decision, where not all was done as asked. */
function LastDecision({ run: { decided } }: { readonly run: Run }) {
  if (decided === null) return null;
  const { verdict, done, noLongerTrue, failed, error } = decided;
  if (error === null && noLongerTrue + failed === 0) return null;
  const words = verdict === 'approve' ? 'applied' : 'rejected';
  return (
    <section className="card" aria-label="The latest decision">
      <ul className="lines">
        {error === null ? (
          <li>
            {n(done)} {words}
            {noLongerTrue > 0 && `, ${n(noLongerTrue)} no longer true and left as they are`}
            {failed > 0 && `, ${n(failed)} could not be confirmed or applied`}
          </li>
        ) : (
          <li>
            {error.code === 'count-changed'
              ? 'Nothing was decided: there are more or fewer of these by now. Look at them again, then decide.'
              : `Not all was decided: ${error.message}`}
          </li>
        )}
      </ul>
    </section>
  );
}

/** Without those that the safeguards show in numbers. */
function Warnings({ run, waits }: { readonly run: Run; readonly waits: boolean }) {
  const told = waits ? run.guards.map(({ reason }) => reason) : [];
  const others = run.warnings.filter((warning) => !told.includes(warning));
  if (others.length === 0) return null;
  return (
    <section className="card" aria-labelledby="warnings">
      <h2 id="warnings">{plural(others.length, 'warning')}</h2>
      <ul className="lines">
        {others.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </section>
  );
}
