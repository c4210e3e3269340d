import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Run, RunRecord } from '../../api/client.ts';
import { groupRecordsQuery } from '../../api/queries/runs.ts';
import { useMay } from '../../shell/use-role.ts';
import { RecordBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import { n, plural } from '../../words.ts';
import { type Asked, DecideDialog } from './decide-dialog.tsx';
import css from './run.module.css';

/** What a run does to groups: which it finds, renames or removes, and who joins and leaves. Held ones can be chosen. */
export function GroupRecords({ run, waits }: { readonly run: Run; readonly waits: boolean }) {
  const records = useInfiniteQuery(groupRecordsQuery(run.id));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<Asked | null>(null);
  const mayDecide = useMay('admin') && waits && run.counts.groups.held > 0;
  if (records.isError) return <Failure error={records.error} />;
  const items = records.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  const idsOf = items.filter(({ status }) => status === 'held').map(nameOf);
  const decide = (verdict: Asked['verdict']) => {
    const some = items.filter((each) => each.status === 'held' && chosen.has(nameOf(each)));
    setAsked({ verdict, expected: some.length, records: [...chosen] });
  };
  return (
    <section className="card" aria-labelledby="groups">
      <div className="card-head wrap">
        <h2 id="groups">Groups</h2>
        <span className="soft">{n(items.length)}</span>
        <span className="grow" />
        {mayDecide && (
          <div className="acts">
            <Button onClick={() => setChosen(chosen.size > 0 ? new Set() : new Set(idsOf))}>
              {chosen.size > 0 ? 'Choose none' : 'Choose all'}
            </Button>
            <Button disabled={chosen.size === 0} onClick={() => decide('reject')}>
              Reject {chosen.size > 0 && n(chosen.size)}…
            </Button>
            <Button look="primary" disabled={chosen.size === 0} onClick={() => decide('approve')}>
              Approve {chosen.size > 0 && n(chosen.size)}…
            </Button>
          </div>
        )}
      </div>
      <ul className={css['groups']}>
        {items.map((record) => (
          <li key={record.seq}>
            {mayDecide && record.status === 'held' && (
              <input
                type="checkbox"
                aria-label={`Choose ${record.name}`}
                checked={chosen.has(nameOf(record))}
                onChange={() => setChosen(toggled(chosen, nameOf(record)))}
              />
            )}
            <div>
              <GroupName run={run} record={record} />
              <p className="soft">{whatOf(record)}</p>
              <p className="soft">{record.error ?? record.reason}</p>
            </div>
            <RecordBadge status={record.status} />
          </li>
        ))}
      </ul>
      {records.hasNextPage && (
        <Button disabled={records.isFetching} onClick={() => void records.fetchNextPage()}>
          More groups
        </Button>
      )}
      {asked !== null && (
        <DecideDialog
          run={run}
          asked={asked}
          onDecided={() => {
            setAsked(null);
            setChosen(new Set());
          }}
          onChanged={(expected) => setAsked({ ...asked, expected, isChanged: true })}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}

const nameOf = ({ externalId }: RunRecord): string => `group:${externalId}`;

function toggled(chosen: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(name)) next.add(name);
  return next;
}

function GroupName({ run, record }: { readonly run: Run; readonly record: RunRecord }) {
  const { externalId, name } = record;
  if (run.store === null || externalId === null) return <strong dir="auto">{name}</strong>;
  return (
    <Link
      to="/stores/$storeId/groups/$groupId"
      params={{ storeId: run.store, groupId: externalId }}
      dir="auto"
    >
      {name}
    </Link>
  );
}

const listWords: Readonly<Record<string, string>> = {
  'members.added': 'join',
  'members.removed': 'leave',
  'role.granted': 'get the role',
  'role.revoked': 'lose the role',
};

/** What a record does to its group, in words. */
function whatOf({ action, changes }: RunRecord): string {
  const words = changes.flatMap(({ field, from, to, more = 0 }) => {
    if (Array.isArray(to))
      return [`${plural(to.length + more, 'person', 'people')} ${listWords[field]}`];
    if (field === 'role') return [`role ${to}`];
    if (action === 'create') return [];
    if (field === 'name' && to !== null) return [`renamed from ${from}`];
    return field === 'status' && to === 'unlinked' ? ['unlinked'] : [];
  });
  const verb = { create: 'New group', delete: 'Removed', update: null, problem: null }[
    String(action)
  ];
  return [...(verb ? [verb] : []), ...words].join(', ') || 'No change';
}
