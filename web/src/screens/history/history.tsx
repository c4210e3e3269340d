import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight, Play } from 'lucide-react';
import { useState } from 'react';
import type { Store } from '../../api/client.ts';
import { type Revision, resumeStore, revisionsQuery } from '../../api/queries/revisions.ts';
import { storeQuery } from '../../api/queries/stores.ts';
import { useMay } from '../../shell/use-role.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Actor } from '../../ui/actor.tsx';
import { Button } from '../../ui/button.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { plural } from '../../words.ts';
import css from './history.module.css';
import { Restore } from './restore.tsx';
import { SettingChanges } from './setting-changes.tsx';
import { RunsOfRevision } from './undo.tsx';

/** The configurations that a store has and had, and the way back to one of them. */
export function HistoryPage() {
  const { storeId } = useParams({ from: '/stores/$storeId/history' });
  const store = useQuery(storeQuery(storeId));
  const revisions = useInfiniteQuery(revisionsQuery(storeId));
  const [restoring, setRestoring] = useState<number | null>(null);
  const mayChange = useMay('admin');
  useTitle('Earlier configurations');
  if (store.isPending || revisions.isPending) return <Loading />;
  if (store.isError) return <Failure error={store.error} onRetry={() => void store.refetch()} />;
  if (revisions.isError) {
    return <Failure error={revisions.error} onRetry={() => void revisions.refetch()} />;
  }
  const items = revisions.data.pages.flatMap((page) => page.items);
  return (
    <div className="page">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link to="/stores">Directory stores</Link>
        <ChevronRight size={14} aria-hidden />
        <Link to="/stores/$storeId" params={{ storeId }}>
          <span dir="auto">{store.data.name}</span>
        </Link>
        <ChevronRight size={14} aria-hidden />
        <span aria-current="page">Earlier configurations</span>
      </nav>
      <Head store={store.data} mayChange={mayChange} />
      {restoring !== null && (
        <Restore
          key={restoring}
          storeId={storeId}
          revision={restoring}
          onClose={() => setRestoring(null)}
        />
      )}
      <ol className={css['list']}>
        {items.map((revision) => (
          <li key={revision.revision}>
            <RevisionCard
              storeId={storeId}
              revision={revision}
              mayChange={mayChange}
              onRestore={() => setRestoring(revision.revision)}
            />
          </li>
        ))}
      </ol>
      {items.length === 1 && (
        <p className="soft">
          The configuration was not changed yet. Each change appears here, with the one before it.
        </p>
      )}
      <MoreButton query={revisions} />
    </div>
  );
}

function Head({ store, mayChange }: { readonly store: Store; readonly mayChange: boolean }) {
  const queries = useQueryClient();
  const resume = useMutation({
    mutationFn: () => resumeStore(store.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['stores'] }),
  });
  return (
    <>
      <div className="head">
        <div>
          <h1>Earlier configurations</h1>
          <p className="lead">
            After a wrong change: restore the one before it, undo its runs, then resume the store.
          </p>
        </div>
        {store.status === 'paused' && (
          <div className="acts">
            <Button disabled={!mayChange || resume.isPending} onClick={() => resume.mutate()}>
              <Play size={15} aria-hidden />
              Resume
            </Button>
          </div>
        )}
      </div>
      {!mayChange && <p className="soft">To restore, undo or resume takes the role admin.</p>}
      {resume.isError && <Failure error={resume.error} />}
    </>
  );
}

function RevisionCard({
  storeId,
  revision: { revision, present, by, at, changes, emptied, runs },
  mayChange,
  onRestore,
}: {
  readonly storeId: string;
  readonly revision: Revision;
  readonly mayChange: boolean;
  readonly onRestore: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const id = `revision-${revision}`;
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head wrap">
        <h2 id={id}>
          Configuration {revision}
          {present && ' (in use)'}
        </h2>
        <span className="soft">
          {by === null ? (
            'of an earlier release'
          ) : (
            <>
              by <Actor actor={by} />
            </>
          )}{' '}
          {at !== null && <Time at={at} />}
        </span>
      </div>
      <div className={css['body']}>
        {changes === null ? (
          <p className="soft">The first one that is kept.</p>
        ) : (
          <SettingChanges changes={changes} />
        )}
        {emptied && (
          <p className="soft">It named a person who was erased, and can’t be restored as it was.</p>
        )}
        {isOpen && <RunsOfRevision storeId={storeId} revision={revision} mayChange={mayChange} />}
      </div>
      <div className={css['acts']}>
        {!present && (
          <Button small disabled={!mayChange || emptied} onClick={onRestore}>
            Restore configuration {revision}…
          </Button>
        )}
        {runs > 0 && (
          <Button small aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {plural(runs, 'sync', 'syncs')} used it
          </Button>
        )}
        {runs === 0 && <span className="soft">No sync used it.</span>}
      </div>
    </section>
  );
}
