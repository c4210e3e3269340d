import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { groupMembersQuery, groupQuery } from '../../api/queries/groups.ts';
import { useTitle } from '../../shell/use-title.ts';
import { GroupBadge, MemberBadge } from '../../ui/badge.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { memberName, plural } from '../../words.ts';
import css from './groups.module.css';

/** One group and who is in it. */
export function GroupPage() {
  const { storeId, groupId } = useParams({ from: '/stores/$storeId/groups/$groupId' });
  const group = useQuery(groupQuery(storeId, groupId));
  const people = useInfiniteQuery(groupMembersQuery(storeId, groupId));
  useTitle(group.data?.name ?? 'Group');
  if (group.isPending || people.isPending) return <Loading />;
  if (group.isError) return <Failure error={group.error} onRetry={() => void group.refetch()} />;
  if (people.isError) return <Failure error={people.error} onRetry={() => void people.refetch()} />;
  const { name, storeName, status, members, roles, updatedAt } = group.data;
  const items = people.data.pages.flatMap((page) => page.items);
  return (
    <div className="page">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link to="/stores/$storeId" params={{ storeId }}>
          <span dir="auto">{storeName}</span>
        </Link>
        <ChevronRight size={14} aria-hidden />
        <Link to="/stores/$storeId/groups" params={{ storeId }}>
          Groups
        </Link>
        <ChevronRight size={14} aria-hidden />
        <span aria-current="page" dir="auto">
          {name}
        </span>
      </nav>
      <div className="head">
        <div>
          <h1 dir="auto">{name}</h1>
          <p className="lead row">
            <GroupBadge status={status} />
            <span>{plural(members, 'member')}</span>
            {roles.length > 0 && <span>gives the role {roles.join(', ')}</span>}
            <Time at={updatedAt} />
          </p>
        </div>
      </div>
      <section className="card" aria-labelledby="people">
        <div className="card-head">
          <h2 id="people">Members</h2>
        </div>
        {items.length === 0 && <p className="foot-note">Nobody is in this group.</p>}
        <ul className={css['list']}>
          {items.map(({ externalId, member }) => (
            <li key={externalId}>
              <div>
                {member === null ? (
                  <span className="mono">{externalId}</span>
                ) : (
                  <Link to="/members/$memberId" params={{ memberId: member.id }} dir="auto">
                    {memberName(member)}
                  </Link>
                )}
                <p className="soft">{member?.fields.email ?? 'is no member'}</p>
              </div>
              {member !== null && <MemberBadge {...member} />}
            </li>
          ))}
        </ul>
        <MoreButton query={people} />
      </section>
    </div>
  );
}
