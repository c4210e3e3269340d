import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { auditFile, auditQuery } from '../../api/queries/audit.ts';
import { useMay } from '../../shell/use-role.ts';
import { useTitle } from '../../shell/use-title.ts';
import { MoreButton } from '../../ui/more-button.tsx';
import { Empty, Failure, Loading } from '../../ui/notice.tsx';
import { roleWords } from '../../words.ts';
import css from './audit.module.css';
import { actionsAmong } from './audit-words.ts';
import { Entry } from './entry.tsx';
import { Filters } from './filters.tsx';

/** Who did what, newest first. */
export function AuditPage() {
  useTitle('Audit');
  const may = useMay('admin');
  if (may) return <Shown />;
  return (
    <div className="page">
      <h1>Audit</h1>
      <Empty>
        <p>To see the audit takes {roleWords.admin}.</p>
      </Empty>
    </div>
  );
}

function Shown() {
  const search = useSearch({ from: '/audit' });
  const asked = { ...search, action: actionsAmong(search.action ?? []) };
  const audit = useInfiniteQuery(auditQuery(asked));
  const entries = audit.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>Audit</h1>
          <p className="lead">
            Who changed what. What a sync changes by its schedule stands in the runs.
          </p>
        </div>
        <a className={css['download']} href={auditFile(asked)} download>
          <Download size={15} aria-hidden />
          Download as CSV
        </a>
      </div>
      <section className="card" aria-label="Audit">
        <Filters asked={asked} entries={entries} />
        {audit.isPending && <Loading />}
        {audit.isError && <Failure error={audit.error} onRetry={() => void audit.refetch()} />}
        {audit.isSuccess && entries.length === 0 && (
          <Empty>
            <p>Nothing matches. Each change, decision, export and sign-in has an entry here.</p>
          </Empty>
        )}
        <ol className={css['entries']}>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ol>
        <MoreButton query={audit} />
      </section>
    </div>
  );
}
