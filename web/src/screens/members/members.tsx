import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { Member } from '../../api/client.ts';
import { membersQuery } from '../../api/queries/members.ts';
import { useTitle } from '../../shell/use-title.ts';
import { MemberBadge } from '../../ui/badge.tsx';
import { Chips } from '../../ui/chips.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Empty, Failure } from '../../ui/notice.tsx';
import { Person } from '../../ui/person.tsx';
import { StoreFilter } from '../../ui/store-filter.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import { Time } from '../../ui/time.tsx';

const states = [
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Inactive' },
] as const;

/** All members. What is typed stays out of the address: no log and no history keeps it. */
export function Members() {
  useTitle('Members');
  const { store, status } = useSearch({ from: '/members' });
  const navigate = useNavigate({ from: '/members' });
  const [text, setText] = useState('');
  const settled = useDeferredValue(text.trim());
  const members = useInfiniteQuery(membersQuery({ store, status, text: settled }));
  const show = (next: {
    readonly store: string | undefined;
    readonly status: 'active' | 'inactive' | undefined;
  }) =>
    void navigate({
      search: {
        ...(next.store !== undefined && { store: next.store }),
        ...(next.status !== undefined && { status: next.status }),
      },
    });
  return (
    <div className="page">
      <div className="head">
        <h1>Members</h1>
      </div>
      <section className="card" aria-label="Members">
        <div className="card-head wrap">
          <Chips
            label="Status"
            options={states}
            chosen={status === undefined ? [] : [status]}
            onChange={(chosen) => show({ store, status: chosen.at(-1) })}
          />
          <span className="grow" />
          <StoreFilter chosen={store} onChange={(id) => show({ store: id, status })} />
          <label className="field-find">
            <Search size={15} aria-hidden />
            <span className="sr">Find by the beginning of a name or address</span>
            <input
              type="search"
              placeholder="Name, or address with @"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
        </div>
        {members.isError && (
          <Failure error={members.error} onRetry={() => void members.refetch()} />
        )}
        {members.data && <MemberTable members={members.data.pages.flatMap(({ items }) => items)} />}
        <MoreButton query={members} />
      </section>
    </div>
  );
}

function MemberTable({ members }: { readonly members: readonly Member[] }) {
  if (members.length === 0) {
    return (
      <Empty>
        <p>No member matches. A sync puts the people of a directory here.</p>
      </Empty>
    );
  }
  return (
    <div className="table-wrap">
      <table className="table stores">
        <TableHead columns={['Person', 'Status', 'Department', 'Store', 'Changed']} />
        <tbody>
          {members.map(({ id, fields, status, inactiveCause, storeName, updatedAt }) => (
            <tr key={id}>
              <th scope="row">
                <Link to="/members/$memberId" params={{ memberId: id }} className="plain">
                  <Person name={fields.displayName ?? ''} email={fields.email ?? ''} />
                </Link>
              </th>
              <td data-label="Status">
                <MemberBadge status={status} inactiveCause={inactiveCause} />
              </td>
              <td data-label="Department" dir="auto">
                {fields.department ?? '–'}
              </td>
              <td data-label="Store">{storeName ?? 'by hand'}</td>
              <td data-label="Changed">
                <Time at={updatedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
