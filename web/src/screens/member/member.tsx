import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { HistoryEntry, Member } from '../../api/client.ts';
import {
  editMember,
  memberHistoryQuery,
  memberQuery,
  memberWhyQuery,
  takeBack,
} from '../../api/queries/members.ts';
import { useMay } from '../../shell/use-role.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Actor } from '../../ui/actor.tsx';
import { MemberBadge, RecordBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Changes } from '../../ui/changes.tsx';
import { Empty, Failure, Loading } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { useToast } from '../../ui/toast.tsx';
import { actionWords, fieldName, memberName } from '../../words.ts';
import { EraseMember } from './erase-member.tsx';
import css from './member.module.css';

/** One member: its fields, its status and who set it, and what happened to it. */
export function MemberPage() {
  const { memberId } = useParams({ from: '/members/$memberId' });
  const member = useQuery(memberQuery(memberId));
  const history = useQuery(memberHistoryQuery(memberId));
  useTitle(member.data === undefined ? 'Member' : nameOf(member.data));
  if (member.isPending) return <Loading />;
  if (member.isError) {
    return <Failure error={member.error} onRetry={() => void member.refetch()} />;
  }
  return (
    <div className="page">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link to="/members">Members</Link>
        <ChevronRight size={14} aria-hidden />
        <span aria-current="page" dir="auto">
          {nameOf(member.data)}
        </span>
      </nav>
      <Head member={member.data} />
      <div className="two">
        <Fields member={member.data} />
        <section className="card" aria-labelledby="history">
          <div className="card-head">
            <h2 id="history">History</h2>
          </div>
          {history.isError && <Failure error={history.error} />}
          {history.data && <History entries={history.data.items} />}
        </section>
      </div>
    </div>
  );
}

const nameOf = (member: Member): string => memberName(member) || member.fields.email || '(no name)';

const edits = {
  activate: { verb: 'Activate', done: 'is active' },
  deactivate: { verb: 'Deactivate', done: 'is inactive' },
  release: { verb: 'Let the sync decide again', done: 'is left to the sync' },
} as const;

function Head({ member }: { readonly member: Member }) {
  const [isErasing, setErasing] = useState(false);
  const queries = useQueryClient();
  const toast = useToast();
  const mayChange = useMay('admin');
  const mayErase = useMay('owner');
  const show = (changed: Member) => {
    queries.setQueryData(memberQuery(member.id).queryKey, changed);
    void queries.invalidateQueries({ queryKey: ['members'] });
  };
  const undo = useMutation({
    mutationFn: takeBack,
    onSuccess: (restored) => {
      show(restored);
      toast(`${nameOf(restored)} is as before`);
    },
  });
  const edit = useMutation({
    mutationFn: (what: keyof typeof edits) => editMember(member.id, what),
    onSuccess: (changed, what) => {
      show(changed);
      toast(`${nameOf(changed)} ${edits[what].done}`, () => undo.mutate(changed));
    },
  });
  const isByHand = member.statusBy === 'person';
  const offered = [
    member.status === 'active' ? ('deactivate' as const) : ('activate' as const),
    ...(isByHand && member.store !== null ? (['release'] as const) : []),
  ];
  return (
    <>
      <div className="head">
        <div className={css['who']}>
          <h1 dir="auto" className={css['name']}>
            {nameOf(member)}
          </h1>
          <p className="lead row">
            <MemberBadge status={member.status} inactiveCause={member.inactiveCause} />
            <span>
              {isByHand && 'set by a person · '}
              {!isByHand && member.store !== null && 'follows the directory · '}
              <bdi>{member.storeName ?? 'added by hand'}</bdi>
            </span>
          </p>
        </div>
        <div className="acts">
          {offered.map((what) => (
            <Button
              key={what}
              disabled={!mayChange || edit.isPending}
              onClick={() => edit.mutate(what)}
            >
              {edits[what].verb}
            </Button>
          ))}
          <Button
            look="danger"
            disabled={!mayErase || member.fields.email === undefined}
            onClick={() => setErasing(true)}
          >
            Erase…
          </Button>
        </div>
      </div>
      {!mayChange && <p className="soft">To change a member takes the role admin.</p>}
      {!mayErase && <p className="soft">To erase a person takes the role owner.</p>}
      {edit.isError && <Failure error={edit.error} />}
      {undo.isError && <Failure error={undo.error} />}
      {isErasing && (
        <EraseMember email={member.fields.email ?? ''} onClose={() => setErasing(false)} />
      )}
    </>
  );
}

/** The fields as they are stored, and where each comes from as soon as the directory said so. */
function Fields({ member }: { readonly member: Member }) {
  const { fields, custom, externalId, managerEmail } = member;
  const why = useQuery(memberWhyQuery(member.id));
  const status = why.data?.status?.reason.message;
  const stored = [
    ...Object.entries(fields),
    ...Object.entries(custom).map(([name, value]) => [`custom.${name}`, value] as const),
  ];
  return (
    <section className="card" aria-labelledby="fields">
      <div className="card-head">
        <h2 id="fields">Fields</h2>
      </div>
      {why.isError && <Failure error={why.error} onRetry={() => void why.refetch()} />}
      {status !== undefined && (
        <p className={css['status']} dir="auto">
          {status}
        </p>
      )}
      <dl className="facts">
        {stored.map(([field, value]) => {
          const told = why.data?.fields.find((one) => one.field === field);
          return (
            <div key={field} className="fact">
              <dt>{fieldName(field)}</dt>
              <dd>
                <div dir="auto" className={css['value']}>
                  {field === 'manager' ? (managerEmail ?? value) : value}
                </div>
                {told !== undefined && told.reason.message !== status && (
                  <div className={css['origin']} dir="auto">
                    {told.reason.message}
                  </div>
                )}
              </dd>
            </div>
          );
        })}
        <div className="fact">
          <dt>Source ID</dt>
          <dd className="mono">{externalId ?? '–'}</dd>
        </div>
      </dl>
      {why.isPending && (
        <p className={css['status']} aria-live="polite">
          Asking the directory where they come from…
        </p>
      )}
    </section>
  );
}

function History({ entries }: { readonly entries: readonly HistoryEntry[] }) {
  if (entries.length === 0) {
    return (
      <Empty>
        <p>No run has changed this member.</p>
      </Empty>
    );
  }
  return (
    <ol className="history">
      {entries.map((entry) => (
        <li key={`${entry.run} ${entry.seq}`}>
          <p className="lead row">
            <strong>{actionWords[entry.action]}</strong>
            <RecordBadge status={entry.status} />
            <Time at={entry.at} />
          </p>
          <p className="soft">
            {entry.reason}, by <Actor actor={entry.by} /> ·{' '}
            <Link to="/runs/$runId" params={{ runId: entry.run }} className="underlined">
              the run
            </Link>
          </p>
          <Changes changes={entry.changes} />
        </li>
      ))}
    </ol>
  );
}
