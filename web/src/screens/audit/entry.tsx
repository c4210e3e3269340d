import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ban, CircleHelp } from 'lucide-react';
import type { AuditEntry } from '../../api/client.ts';
import { storesQuery } from '../../api/queries/stores.ts';
import { Actor } from '../../ui/actor.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Time } from '../../ui/time.tsx';
import css from './audit.module.css';
import { changeName, changeText, didWords } from './audit-words.ts';

/** One entry: a sentence, what was changed from what to what, where and when. */
export function Entry({ entry }: { readonly entry: AuditEntry }) {
  const { at, by, from, action, outcome, error, store, run, changes } = entry;
  const actor = actorId(entry);
  return (
    <li className={css['entry']}>
      <p className={css['sentence']}>
        <strong>
          {actor === null ? (
            <Actor actor={by} />
          ) : (
            <Link
              from="/audit"
              to="/audit"
              search={(others) => ({ ...others, by: actor })}
              title="Show only theirs"
            >
              <Actor actor={by} />
            </Link>
          )}
        </strong>{' '}
        {didWords[action]}
        <Outcome outcome={outcome} />
      </p>
      <p className={css['when']}>
        <Time at={at} />
      </p>
      <div className={css['about']}>
        {error !== null && <p dir="auto">{error}</p>}
        <Changed changes={changes} />
        <p className="soft">
          {store !== null && (
            <>
              in <StoreName entry={entry} /> ·{' '}
            </>
          )}
          {run !== null && (
            <>
              <Link to="/runs/$runId" params={{ runId: run }} className="underlined">
                the run
              </Link>{' '}
              ·{' '}
            </>
          )}
          from <bdi>{from}</bdi>
        </p>
      </div>
    </li>
  );
}

/** The id by which the audit is asked for an actor; null for one on a command line. */
export function actorId({ by, byToken }: Pick<AuditEntry, 'by' | 'byToken'>): string | null {
  return byToken ?? /^user:(?<id>.+)$/.exec(by)?.groups?.['id'] ?? null;
}

function Outcome({ outcome }: Pick<AuditEntry, 'outcome'>) {
  if (outcome === 'done') return null;
  return (
    <>
      {' '}
      <Badge icon={outcome === 'refused' ? Ban : CircleHelp} tone="neutral">
        {outcome === 'refused' ? 'Refused' : 'Its end is not known'}
      </Badge>
    </>
  );
}

function StoreName({ entry: { store, storeName } }: { readonly entry: AuditEntry }) {
  const stores = useQuery(storesQuery);
  const found = stores.data?.items.find(({ id }) => id === store);
  if (found === undefined) return <bdi>{storeName ?? 'a removed store'}</bdi>;
  return (
    <Link to="/stores/$storeId" params={{ storeId: found.id }} className="underlined">
      <bdi>{storeName ?? found.name}</bdi>
    </Link>
  );
}

function Changed({ changes }: Pick<AuditEntry, 'changes'>) {
  if (changes.length === 0) return null;
  return (
    <dl className="changes">
      {changes.map(({ path, from, to }) => (
        // Several statuses of one export have one path.
        <div key={`${path} ${to}`}>
          <dt>{changeName(path)}</dt>
          <dd dir="auto">
            {from !== null && (
              <>
                <span className="sr">from </span>
                <del>
                  <Value path={path} value={from} />
                </del>
              </>
            )}
            {from !== null && to !== null && ' → '}
            {to !== null && (
              <>
                {from !== null && <span className="sr">to </span>}
                <ins>
                  <Value path={path} value={to} />
                </ins>
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const actorPaths = ['owner', 'sessions'];
const runPaths = ['preview', 'takes back'];

function Value({ path, value }: { readonly path: string; readonly value: string }) {
  if (actorPaths.includes(path)) return <Actor actor={value} />;
  if (runPaths.includes(path)) {
    return (
      <Link to="/runs/$runId" params={{ runId: value }} className="underlined">
        the run
      </Link>
    );
  }
  return changeText(value);
}
