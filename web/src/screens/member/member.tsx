import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { api, body, type HistoryEntry, type Member } from '../../api/client.ts';
import { memberHistoryQuery, memberQuery } from '../../api/queries/members.ts';
import { useMay } from '../../shell/use-role.ts';
import { useTitle } from '../../shell/use-title.ts';
import { MemberBadge, RecordBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Changes } from '../../ui/changes.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Empty, Failure, Loading } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { actionWords, actorName, fieldName } from '../../words.ts';

/** One member: its fields, its status and who set it, and what happened to it. */
export function MemberPage() {
  const { memberId } = useParams({ from: '/members/$memberId' });
  const member = useQuery(memberQuery(memberId));
  const history = useQuery(memberHistoryQuery(memberId));
  useTitle(member.data?.fields.displayName ?? 'Member');
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

const nameOf = ({ fields }: Member): string => fields.displayName ?? fields.email ?? '(no name)';

function Head({ member }: { readonly member: Member }) {
  const [isAsking, setAsking] = useState(false);
  const queries = useQueryClient();
  const mayChange = useMay('admin');
  const isActive = member.status === 'active';
  const change = useMutation({
    mutationFn: () => {
      const params = { path: { memberId: member.id } };
      return isActive
        ? body(api.POST('/api/v1/members/{memberId}/deactivate', { params }))
        : body(api.POST('/api/v1/members/{memberId}/activate', { params }));
    },
    onSuccess: () => setAsking(false),
    onSettled: () => queries.invalidateQueries({ queryKey: ['members'] }),
  });
  const verb = isActive ? 'Deactivate' : 'Activate';
  return (
    <>
      <div className="head">
        <div>
          <h1 dir="auto">{nameOf(member)}</h1>
          <p className="lead row">
            <MemberBadge status={member.status} inactiveCause={member.inactiveCause} />
            <span>
              {member.statusBy === 'person' ? 'set by a person' : 'follows the directory'} ·{' '}
              {member.storeName ?? 'added by hand'}
            </span>
          </p>
        </div>
        <div className="acts">
          <Button disabled={!mayChange} onClick={() => setAsking(true)}>
            {verb}…
          </Button>
        </div>
      </div>
      {!mayChange && <p className="soft">To change a member takes the role admin.</p>}
      {change.isError && <Failure error={change.error} />}
      {isAsking && (
        <Confirm
          title={`${verb} ${nameOf(member)}?`}
          action={verb}
          danger={isActive}
          count={1}
          busy={change.isPending}
          onConfirm={() => change.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>
            {isActive
              ? 'The member stays inactive, whatever the directory says, until a person activates it.'
              : 'The member is active again. Syncs keep it so until the directory agrees; then they decide again.'}
          </p>
        </Confirm>
      )}
    </>
  );
}

function Fields({ member }: { readonly member: Member }) {
  const { fields, custom, externalId, managerEmail } = member;
  return (
    <section className="card" aria-labelledby="fields">
      <div className="card-head">
        <h2 id="fields">Fields</h2>
      </div>
      <dl className="facts">
        {[...Object.entries(fields), ...Object.entries(custom)].map(([field, value]) => (
          <div key={field} className="fact">
            <dt>{fieldName(field)}</dt>
            <dd dir="auto">{field === 'manager' ? (managerEmail ?? value) : value}</dd>
          </div>
        ))}
        <div className="fact">
          <dt>Source ID</dt>
          <dd className="mono">{externalId ?? '–'}</dd>
        </div>
      </dl>
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
            {entry.reason}, by {actorName(entry.by)} ·{' '}
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
