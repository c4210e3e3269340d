import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight, Search } from 'lucide-react';
import { useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { groupListQuery } from '../../api/queries/groups.ts';
import { latestRunsQuery } from '../../api/queries/runs.ts';
import { configurationQuery, storeQuery } from '../../api/queries/stores.ts';
import { useTitle } from '../../shell/use-title.ts';
import { GroupBadge } from '../../ui/badge.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { plural } from '../../words.ts';
import { StoreTabs } from '../configuration/store-tabs.tsx';
import css from './groups.module.css';

/** The groups of a store: which are followed, and which wait for a person. */
export function GroupsPage() {
  const { storeId } = useParams({ from: '/stores/$storeId/groups' });
  const store = useQuery(storeQuery(storeId));
  const configuration = useQuery(configurationQuery(storeId));
  const groups = useInfiniteQuery(groupListQuery(storeId));
  const [text, setText] = useState('');
  useTitle('Groups');
  if (store.isPending || groups.isPending || configuration.isPending) return <Loading />;
  if (store.isError) return <Failure error={store.error} onRetry={() => void store.refetch()} />;
  if (groups.isError) return <Failure error={groups.error} onRetry={() => void groups.refetch()} />;
  if (configuration.isError) return <Failure error={configuration.error} />;
  const items = groups.data.pages.flatMap((page) => page.items);
  const wanted = text.trim().toLocaleLowerCase();
  const shown = items.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  const isSynced = configuration.data.groups.sync;
  return (
    <div className="page">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link to="/stores">Directory stores</Link>
        <ChevronRight size={14} aria-hidden />
        <Link to="/stores/$storeId" params={{ storeId }}>
          <span dir="auto">{store.data.name}</span>
        </Link>
        <ChevronRight size={14} aria-hidden />
        <span aria-current="page">Groups</span>
      </nav>
      <div className="head">
        <div>
          <h1>Groups</h1>
          <p className="lead">
            {isSynced ? plural(items.length, 'group') : 'This store does not sync groups.'}
          </p>
        </div>
      </div>
      <StoreTabs storeId={storeId} />
      {!isSynced && <SwitchOn storeId={storeId} />}
      <Waiting storeId={storeId} items={items} />
      {items.length === 0 && isSynced && (
        <p className="card">
          No group yet. The next sync finds those that the settings mean, and waits for you to take
          them.
        </p>
      )}
      {items.length > 0 && (
        <section className="card" aria-labelledby="list">
          <div className="card-head wrap">
            <h2 id="list">All groups</h2>
            <span className="grow" />
            <label className="field-find">
              <Search size={15} aria-hidden />
              <span className="sr">Find a group</span>
              <input
                type="search"
                placeholder="Name"
                maxLength={256}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            </label>
          </div>
          {shown.length === 0 && (
            <p className="foot-note">No group of this list has such a name.</p>
          )}
          <ul className={css['list']}>
            {shown.map((group) => (
              <GroupLine key={group.id} group={group} />
            ))}
          </ul>
          <MoreButton query={groups} />
        </section>
      )}
    </div>
  );
}

function SwitchOn({ storeId }: { readonly storeId: string }) {
  return (
    <section className="card" aria-labelledby="switch-on">
      <div className="card-head">
        <h2 id="switch-on">Sync groups too</h2>
        <Link to="/stores/$storeId/$section" params={{ storeId, section: 'file' }} className="more">
          Open the file of this store
        </Link>
      </div>
      <p>
        Add <code>{'groups: { sync: true }'}</code> to the file of this store. You see what it
        changes before it is saved. The first sync then finds the groups and waits: nothing is
        followed before you take it.
      </p>
    </section>
  );
}

/** The run that holds groups, where some wait for a person. */
function Waiting({
  storeId,
  items,
}: {
  readonly storeId: string;
  readonly items: readonly Schemas['Group'][];
}) {
  const staged = items.filter(({ status }) => status === 'staged').length;
  const held = useQuery({
    ...latestRunsQuery({ store: storeId, status: ['held'] }, 1),
    enabled: staged > 0,
  });
  const run = held.data?.items[0];
  if (staged === 0) return null;
  return (
    <p className={`card ${css['waiting']}`}>
      <span>{plural(staged, 'group')} wait for you: take all or some of them.</span>
      {run && (
        <Link to="/runs/$runId" params={{ runId: run.id }} className="more">
          Look at them
        </Link>
      )}
    </p>
  );
}

function GroupLine({ group }: { readonly group: Schemas['Group'] }) {
  return (
    <li>
      <div>
        <Link
          to="/stores/$storeId/groups/$groupId"
          params={{ storeId: group.store, groupId: group.id }}
          dir="auto"
        >
          {group.name}
        </Link>
        {group.roles.length > 0 && <p className="soft">gives the role {group.roles.join(', ')}</p>}
      </div>
      <span className="num">{plural(group.members, 'member')}</span>
      <GroupBadge status={group.status} />
    </li>
  );
}
