import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { Suspense } from 'react';
import { storeQuery } from '../../api/queries/stores.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Failure, Loading } from '../../ui/notice.tsx';
import { CriteriaEditor, FileEditor, MappingEditor } from './load-later.tsx';
import { SafeguardsEditor } from './safeguards-editor.tsx';
import { SaveBar } from './save-bar.tsx';
import { ScheduleEditor } from './schedule-editor.tsx';
import { StatusEditor } from './status-editor.tsx';
import { type Section, StoreTabs, sections } from './store-tabs.tsx';
import { type Editing, useEditing } from './use-editing.ts';

/** One part of a store's configuration, edited as a draft. */
export function ConfigurationPage() {
  const { storeId, section: asked } = useParams({ from: '/stores/$storeId/$section' });
  const store = useQuery(storeQuery(storeId));
  const { editing, error, retry } = useEditing(storeId);
  const name = store.data?.name ?? 'Store';
  useTitle(name);
  if (!Object.hasOwn(sections, asked)) {
    return <Navigate to="/stores/$storeId" params={{ storeId }} replace />;
  }
  const failure = store.error ?? error;
  if (failure !== null) return <Failure error={failure} onRetry={retry} />;
  if (store.isPending || editing === null) return <Loading />;
  return (
    <div className="page">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link to="/stores">Directory stores</Link>
        <ChevronRight size={14} aria-hidden />
        <span aria-current="page">{name}</span>
      </nav>
      <h1 dir="auto">{name}</h1>
      <StoreTabs storeId={storeId} />
      {!editing.mayEdit && (
        <p className="soft">To change the configuration takes the role admin.</p>
      )}
      <Suspense fallback={<Loading />}>
        <Editor section={asked as Section} editing={editing} />
      </Suspense>
      <SaveBar editing={editing} />
    </div>
  );
}

function Editor({ section, editing }: { readonly section: Section; readonly editing: Editing }) {
  switch (section) {
    case 'mapping':
      return <MappingEditor editing={editing} />;
    case 'settings':
      return <StatusEditor editing={editing} />;
    case 'criteria':
      return <CriteriaEditor editing={editing} />;
    case 'schedule':
      return <ScheduleEditor editing={editing} />;
    case 'safeguards':
      return <SafeguardsEditor editing={editing} isOpen />;
    case 'file':
      return <FileEditor editing={editing} />;
  }
}
