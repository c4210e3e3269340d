import { CircleCheck, CircleX, ShieldCheck, ShieldX } from 'lucide-react';
import type { Run } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { n, plural } from '../../words.ts';

/** What the run did, in figures. */
export function OutcomeCard({ run }: { readonly run: Run }) {
  const { counts, mode } = run;
  const isPreview = mode === 'plan';
  const figures = [
    ['in the directory', counts.listed, ''],
    ['in scope', counts.inScope, ''],
    ['unchanged', counts.unchanged, ''],
    ['to create', counts.create, ''],
    ['to update', counts.update, ''],
    ['to deactivate', counts.deactivate + counts.delete, ''],
    ['held', counts.held, 'held'],
    ['failed', counts.failed, 'bad'],
  ] as const;
  return (
    <section className="card" aria-labelledby="outcome">
      <div className="card-head">
        <h2 id="outcome">{isPreview ? 'What it would do' : 'What it did'}</h2>
        {!isPreview && <span className="soft">{plural(counts.applied, 'change')} applied</span>}
      </div>
      <dl className="stats wide">
        {figures.map(([label, count, tone]) => (
          <div key={label} className={count > 0 ? tone : ''}>
            <dt>{label}</dt>
            <dd>{n(count)}</dd>
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
  const { complete, totalBefore, totalAfter, distinct, pages, walks, problems } = certificate;
  const Line = complete ? CircleCheck : CircleX;
  const lines = [
    `The directory stated ${n(totalBefore)} people before and ${n(totalAfter)} after`,
    `${plural(distinct, 'different person', 'different people')} were listed`,
    `${plural(pages, 'page')} read${walks === 1 ? ' once' : `, the whole listing ${walks} times`}`,
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
