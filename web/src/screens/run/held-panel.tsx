import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Check, CirclePause, Minus, X } from 'lucide-react';
import type { Run, RunRecord } from '../../api/client.ts';
import { heldFacetsQuery } from '../../api/queries/runs.ts';
import { Failure } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { fieldName, heldIn, heldPlural, heldWords, n, plural, reasonWords } from '../../words.ts';
import css from './held-panel.module.css';

type Guard = Run['guards'][number];

/** Why changes are held, what each decision would do, and what the changes have in common. */
export function HeldPanel({ run }: { readonly run: Run }) {
  return (
    <section className={css['panel']} aria-labelledby="why">
      <div className={css['why']}>
        <h2 id="why">
          <CirclePause size={18} aria-hidden />
          Why this is held
        </h2>
        {run.guards.length === 0
          ? 'The warnings of the run say why.'
          : run.guards.map((guard) => (
              <GuardMeter key={`${guard.kind} ${guard.field}`} guard={guard} />
            ))}
        <Choices run={run} />
      </div>
      <Common run={run} />
    </section>
  );
}

function sentenceOf({ kind, field, why, planned, limit, inWindow, window }: Guard): string {
  const [one, many] = heldWords[kind];
  const what =
    kind === 'blank'
      ? `${plural(planned, 'member')} would lose ${fieldName(field ?? '')}`
      : plural(planned, one, many);
  if (why === 'nobody-in-scope') return `Nobody is in scope any more, so all ${what} are held.`;
  if (why === 'nobody-left') return `No active member would be left, so all ${what} are held.`;
  const before = inWindow === 0 ? '' : `, after ${n(inWindow)} in the last ${window},`;
  const verb = kind === 'blank' ? '; that' : '';
  return `${what}${verb}${before} ${kind === 'blank' || planned === 1 ? 'is' : 'are'} more than the ${n(limit)} that this store lets through unseen.`;
}

function GuardMeter({ guard }: { readonly guard: Guard }) {
  const { planned, inWindow, limit, window, percent, floor, why } = guard;
  const top = Math.max(planned + inWindow, limit, 1) * 1.06;
  const width = (count: number) => ({ width: `${(count / top) * 100}%` });
  return (
    <div className={css['guard']}>
      <p>{sentenceOf(guard)}</p>
      <div className={css['track']} aria-hidden>
        <span className={css['before']} style={width(inWindow)} />
        <span className={css['now']} style={width(planned)} />
        {why === 'limit' && (
          <span className={css['limit']} style={{ left: `${(limit / top) * 100}%` }} />
        )}
      </div>
      <p className={css['legend']}>
        <span>
          <i className={css['before']} />
          {n(inWindow)} in the last {window}
        </span>
        <span>
          <i className={css['now']} />
          {n(planned)} in this run
        </span>
        {why === 'limit' && (
          <span>
            <i className={css['tick']} />
            limit {n(limit)} ({n(percent)} % of the active, at least {n(floor)})
          </span>
        )}
      </p>
    </div>
  );
}

function Choices({ run }: { readonly run: Run }) {
  const removal = run.guards.find(({ kind }) => kind === 'removal');
  const { delete: deletes } = run.counts;
  const held = heldIn(run);
  const ofGroups = run.counts.held === 0;
  const approve =
    run.undoOf === null
      ? `Each ${ofGroups ? 'group' : 'person'} is asked for in the directory once more. What is still true is applied, the rest is left as it is.`
      : 'What the members still have of it is taken back.';
  const left =
    removal === undefined
      ? ''
      : ` ${n(Math.max(0, removal.active - removal.planned))} of ${plural(removal.active, 'member')} stay active.`;
  const undo = deletes > 0 ? ' An undo restores the deleted members.' : ' You can undo it.';
  return (
    <dl className={css['choices']}>
      <div>
        <dt>
          <Check size={16} aria-hidden />
          If you approve
        </dt>
        <dd>
          {approve}
          {left}
          {undo}
        </dd>
      </div>
      <div>
        <dt>
          <X size={16} aria-hidden />
          If you reject
        </dt>
        <dd>
          {ofGroups ? 'The groups stay' : held === 1 ? 'The member stays' : 'The members stay'} as
          they are. Later runs do not ask again while the directory says the same of them.
        </dd>
      </div>
      <div>
        <dt>
          <Minus size={16} aria-hidden />
          If you wait
        </dt>
        <dd>
          Nothing happens to them; syncs go on for all others.
          {typeof run.expiresAt === 'string' && (
            <>
              {' '}
              It counts as rejected <Time at={run.expiresAt} />.
            </>
          )}
        </dd>
      </div>
    </dl>
  );
}

/** Of the values that are counted, so that the panel stays low. */
const mostShown = 4;
const restOf = (values: readonly { readonly count: number }[]): number =>
  values.slice(mostShown).reduce((sum, { count }) => sum + count, 0);

const facetWords = {
  reason: 'Why',
  status: 'Status',
  department: 'Department',
  location: 'Location',
} as const;

function Common({ run }: { readonly run: Run }) {
  const facets = useQuery(heldFacetsQuery(run.id));
  const search = useSearch({ from: '/runs/$runId' });
  if (facets.isError) return <Failure error={facets.error} />;
  const all = run.counts.held;
  if (all === 0) return null;
  return (
    <div className={css['common']}>
      <h3>What the {heldPlural(run, all)} have in common</h3>
      {facets.data?.facets
        .filter(({ values }) => values.length > 0)
        .map(({ by, values, blank, others }) => (
          <div key={by}>
            <h4>{facetWords[by]}</h4>
            <ul>
              {[
                ...values.slice(0, mostShown),
                ...(blank > 0 ? [{ value: '', count: blank }] : []),
              ].map(({ value, count }) => {
                const isOn = by !== 'status' && search[by] === value;
                const { [by]: _before, status: _status, action: _action, ...rest } = search;
                return (
                  <li key={value}>
                    <Link
                      to="/runs/$runId"
                      params={{ runId: run.id }}
                      search={isOn ? rest : { ...rest, status: 'held', [by]: value }}
                      replace
                      resetScroll={false}
                      aria-current={isOn || undefined}
                      className={css['facet']}
                    >
                      <span
                        className={css['fill']}
                        style={{ width: `${(count / Math.max(1, all)) * 100}%` }}
                      />
                      <span className={css['text']} dir="auto">
                        {textOf(by, value)}
                      </span>
                      <span className="num">{n(count)}</span>
                      <span className={css['percent']}>
                        {n(Math.round((count / Math.max(1, all)) * 100))} %
                      </span>
                    </Link>
                  </li>
                );
              })}
              {others + restOf(values) > 0 && (
                <li className="soft">{n(others + restOf(values))} with other values</li>
              )}
            </ul>
          </div>
        ))}
    </div>
  );
}

function textOf(by: keyof typeof facetWords, value: string): string {
  if (by === 'reason') return reasonWords[value as RunRecord['reasonCode']];
  return value === '' ? '(none)' : value;
}
