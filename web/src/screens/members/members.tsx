import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Search, UserRoundPlus, X } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { Member } from '../../api/client.ts';
import { type MembersAsked, membersSource, readMembersFile } from '../../api/queries/members.ts';
import { useMay } from '../../shell/use-role.ts';
import { useTitle } from '../../shell/use-title.ts';
import { MemberBadge } from '../../ui/badge.tsx';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Chips } from '../../ui/chips.tsx';
import { type Column, LongList } from '../../ui/long-list.tsx';
import { Failure } from '../../ui/notice.tsx';
import { Person } from '../../ui/person.tsx';
import { StoreFilter } from '../../ui/store-filter.tsx';
import { Time } from '../../ui/time.tsx';
import { causeWords, inactiveCauses, memberName } from '../../words.ts';
import { AddMember } from './add-member.tsx';
import css from './members.module.css';

const states = [
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Inactive' },
] as const;

const sorts = { name: 'By name', address: 'By address', updated: 'Latest change first' } as const;
type Sort = keyof typeof sorts;

/** All members. What is typed stays out of the address: no log and no history keeps it. */
export function Members() {
  useTitle('Members');
  const { sort = 'name', ...filters } = useSearch({ from: '/members' });
  const navigate = useNavigate({ from: '/members' });
  const mayAdd = useMay('admin');
  const [text, setText] = useState('');
  const [isAdding, setAdding] = useState(false);
  const settled = useDeferredValue(text.trim());
  const asked = { ...filters, text: settled };
  const show = (change: MembersAsked & { readonly sort?: Sort }) => {
    const next = { ...filters, sort, ...change };
    const kept = Object.entries(next).filter(
      ([, value]) => value !== undefined && value !== 'name',
    );
    void navigate({ search: Object.fromEntries(kept) });
  };
  return (
    <div className="page">
      <div className="head">
        <h1>Members</h1>
        <div className={`acts ${css['acts']}`}>
          <SaveFile asked={asked} />
          <Button
            disabled={!mayAdd}
            title={mayAdd ? undefined : 'To add a member takes the role admin.'}
            onClick={() => setAdding(true)}
          >
            <UserRoundPlus size={16} aria-hidden />
            Add by hand…
          </Button>
          <ButtonLink to="/why">Why is a person no member?</ButtonLink>
        </div>
      </div>
      {isAdding && <AddMember onClose={() => setAdding(false)} />}
      <div className="card">
        <div className={`card-head wrap ${css['filters']}`}>
          <Chips
            label="Status"
            options={states}
            chosen={filters.status === undefined ? [] : [filters.status]}
            onChange={(chosen) => show({ status: chosen.at(-1), cause: undefined })}
          />
          <Pick
            label="Why inactive"
            chosen={filters.cause}
            options={inactiveCauses.map((cause) => [cause, `Inactive: ${causeWords[cause]}`])}
            none="For any cause"
            onChange={(cause) => show({ cause })}
          />
          {filters.department !== undefined && (
            <Button small onClick={() => show({ department: undefined })}>
              <bdi className={css['department']}>{filters.department}</bdi>
              <X size={14} aria-label="Show all departments" />
            </Button>
          )}
          <span className="grow" />
          <StoreFilter chosen={filters.store} onChange={(store) => show({ store })} />
          <Pick
            label="Order"
            chosen={sort}
            options={Object.entries(sorts) as [Sort, string][]}
            onChange={(next) => show({ sort: next ?? 'name' })}
          />
          <label className="field-find">
            <Search size={15} aria-hidden />
            <span className="sr">Find by words of a name, an address or an employee ID</span>
            <input
              type="search"
              placeholder="Name, address, employee ID"
              maxLength={256}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
        </div>
        <LongList
          label="Members"
          source={membersSource(asked, sort)}
          columns={columns}
          onOpen={({ id }) => void navigate({ to: '/members/$memberId', params: { memberId: id } })}
          empty={<p>No member matches. A sync puts the people of a directory here.</p>}
        />
      </div>
    </div>
  );
}

const columns: readonly Column<Member>[] = [
  {
    key: 'person',
    label: 'Person',
    cell: (member) => (
      <Link to="/members/$memberId" params={{ memberId: member.id }} className="plain">
        <Person name={memberName(member)} email={member.fields.email ?? ''} />
      </Link>
    ),
  },
  {
    key: 'status',
    label: 'Status',
    width: '28%',
    wideOnly: true,
    cell: ({ status, inactiveCause }) => (
      <MemberBadge status={status} inactiveCause={inactiveCause} />
    ),
  },
  {
    key: 'department',
    label: 'Department',
    width: '16%',
    wideOnly: true,
    cell: ({ fields: { department } }) =>
      department === undefined ? (
        '–'
      ) : (
        <Link to="/members" search={{ department }} className="plain">
          <bdi>{department}</bdi>
        </Link>
      ),
  },
  {
    key: 'store',
    label: 'Store',
    width: '14%',
    wideOnly: true,
    cell: ({ storeName }) => <bdi>{storeName ?? 'by hand'}</bdi>,
  },
  {
    key: 'changed',
    label: 'Changed',
    width: '130px',
    cell: ({ updatedAt }) => <Time at={updatedAt} />,
  },
];

/** Saves what the filters find as a CSV file. */
function SaveFile({ asked }: { readonly asked: MembersAsked }) {
  const save = useMutation({
    mutationFn: () => readMembersFile(asked),
    onSuccess: (file) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(file);
      link.download = 'members.csv';
      link.click();
      URL.revokeObjectURL(link.href);
    },
  });
  return (
    <>
      {save.isError && <Failure error={save.error} />}
      <Button disabled={save.isPending} onClick={() => save.mutate()}>
        <Download size={16} aria-hidden />
        {save.isPending ? 'Reading…' : 'CSV'}
      </Button>
    </>
  );
}

interface PickProps<Value extends string> {
  readonly label: string;
  readonly chosen: Value | undefined;
  readonly options: readonly (readonly [Value, string])[];
  /** The words for no choice; without them one is always chosen. */
  readonly none?: string;
  readonly onChange: (value: Value | undefined) => void;
}

function Pick<Value extends string>({ label, chosen, options, none, onChange }: PickProps<Value>) {
  return (
    <label className="pick">
      <span className="sr">{label}</span>
      <select
        className="input"
        value={chosen ?? ''}
        onChange={({ target }) => onChange(options.find(([value]) => value === target.value)?.[0])}
      >
        {none !== undefined && <option value="">{none}</option>}
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
