import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleX, ShieldCheck, ShieldX } from 'lucide-react';
import type { Run, RunRecord } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { appliedIn, n, plural } from '../../words.ts';
import css from './run.module.css';

interface Figure {
  readonly label: string;
  readonly count: number;
  readonly tone?: 'held' | 'bad';
  /** The filter that shows its people. */
  readonly search?:
    | { readonly action: RunRecord['action'] }
    | { readonly status: 'held' | 'failed' };
}

/** What few runs do. */
const others = [
  { action: 'adopt', label: 'taken over' },
  { action: 'reactivate', label: 'reactivated' },
  { action: 'delete', label: 'deleted' },
  { action: 'conflict', label: 'address conflicts' },
  { action: 'problem', label: 'can’t be read' },
] as const;

/** What it did to groups, where it did anything. */
function groupFigures(groups: Run['counts']['groups']): readonly Figure[] {
  const changed = groups.create + groups.update + groups.delete;
  return [
    ...(changed === 0 ? [] : [{ label: 'changes of groups', count: changed }]),
    ...(groups.held === 0
      ? []
      : [{ label: 'of them held', count: groups.held, tone: 'held' as const }]),
  ];
}

/** What the run did, in figures; each leads to its people. */
export function OutcomeCard({ run }: { readonly run: Run }) {
  const { counts, mode } = run;
  const isPreview = mode === 'plan';
  const of = (verb: string, done: string) => (isPreview || counts.held > 0 ? verb : done);
  const figures: readonly Figure[] = [
    { label: 'in the directory', count: counts.listed },
    { label: 'in scope', count: counts.inScope },
    { label: 'unchanged', count: counts.unchanged },
    {
      label: isPreview ? 'to create' : 'created',
      count: counts.create,
      search: { action: 'create' },
    },
    { label: of('to update', 'updated'), count: counts.update, search: { action: 'update' } },
    {
      label: of('to deactivate', 'deactivated'),
      count: counts.deactivate,
      search: { action: 'deactivate' },
    },
    { label: 'held', count: counts.held, tone: 'held', search: { status: 'held' } },
    { label: 'failed', count: counts.failed, tone: 'bad', search: { status: 'failed' } },
    ...groupFigures(counts.groups),
    ...others.flatMap(({ action, label }) =>
      counts[action] === 0 ? [] : [{ label, count: counts[action], search: { action } }],
    ),
  ];
  return (
    <section className="card" aria-labelledby="outcome">
      <div className="card-head">
        <h2 id="outcome">{isPreview ? 'What it would do' : 'What it did'}</h2>
        {!isPreview && <span className="soft">{plural(appliedIn(run), 'change')} applied</span>}
      </div>
      <dl className="stats wide">
        {figures.map(({ label, count, tone = '', search }) => (
          <div key={label} className={count > 0 ? tone : ''}>
            <dt>{label}</dt>
            <dd>
              {search === undefined || count === 0 ? (
                n(count)
              ) : (
                <Link
                  to="/runs/$runId"
                  params={{ runId: run.id }}
                  search={search}
                  hash="people"
                  className={css['figure']}
                >
                  {n(count)}
                </Link>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {counts.skipped + counts.outOfScope > 0 && (
        <p className="foot-note">
          {n(counts.outOfScope)} out of scope, {n(counts.skipped)} skipped as the settings say.
        </p>
      )}
    </section>
  );
}

/** The proof that the listing was whole, in sentences. */
export function CertificateCard({ run: { certificate } }: { readonly run: Run }) {
  if (certificate === null) return null;
  const { groups } = certificate;
  const { complete, totalBefore, totalAfter, distinct, pages, walks, problems } = certificate;
  const Line = complete ? CircleCheck : CircleX;
  const lines = [
    `The directory stated ${n(totalBefore)} people before and ${n(totalAfter)} after`,
    `${plural(distinct, 'different person', 'different people')} were listed`,
    `${plural(pages, 'page')} read${walks === 1 ? ' once' : `, the whole listing ${walks} times`}`,
    ...(groups === null
      ? []
      : [
          groups.complete
            ? `${plural(groups.distinct, 'group')} listed, all of them`
            : `${plural(groups.distinct, 'group')} listed, and perhaps not all: no group counts as gone`,
        ]),
    ...(problems === 0 ? [] : [`${plural(problems, 'row')} had no readable id`]),
  ];
  return (
    <section className="card" aria-labelledby="certificate">
      <div className="card-head">
        <h2 id="certificate">Can the listing be trusted?</h2>
        <Badge icon={complete ? ShieldCheck : ShieldX} tone={complete ? 'ok' : 'bad'}>
          {complete ? 'Complete' : 'Incomplete'}
        </Badge>
      </div>
      <ul className="checks" data-incomplete={complete ? undefined : true}>
        {lines.map((line) => (
          <li key={line}>
            <Line size={16} aria-hidden />
            {line}
          </li>
        ))}
        <li>
          <ShieldCheck size={16} aria-hidden />
          Absence from a listing removes nobody: each person is asked for by id
        </li>
      </ul>
    </section>
  );
}
