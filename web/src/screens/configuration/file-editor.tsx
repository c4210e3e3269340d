import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Mapping } from '../../../../src/core/model/store-config.ts';
import type { Sections } from '../../api/client.ts';
import { directoriesQuery } from '../../api/queries/configuration.ts';
import { storeQuery } from '../../api/queries/stores.ts';
import { drafted } from '../../draft/draft.ts';
import { changeDraft } from '../../draft/draft-store.ts';
import { differences, isSame } from '../../draft/lines.ts';
import { type Core, useCore } from '../../draft/use-core.ts';
import { CodeEditor } from '../../ui/code-editor.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import css from './settings.module.css';
import type { Editing } from './use-editing.ts';

/** The configuration as a store file. What is written there is the draft of the other tabs too. */
export function FileEditor({ editing }: { readonly editing: Editing }) {
  const core = useCore();
  const store = useQuery(storeQuery(editing.storeId));
  const directories = useQuery(directoriesQuery);
  const directory = directories.data?.items.find(({ kind }) => kind === store.data?.directory);
  const failure = store.error ?? directories.error;
  if (failure !== null) return <Failure error={failure} />;
  if (core === null || directory === undefined) return <Loading />;
  return <File core={core} editing={editing} defaults={directory.defaultMapping} />;
}

interface FileProps {
  readonly core: Core;
  readonly editing: Editing;
  readonly defaults: Sections['mapping'];
}

function File({ core, editing, defaults }: FileProps) {
  const { storeId, draft, now, mayEdit } = editing;
  const [text, setText] = useState(() => core.fileOf(now));
  const [error, setError] = useState<string | null>(null);
  const [written, setWritten] = useState<Sections>(now);
  // The draft was changed elsewhere, or discarded: the file follows.
  if (!isSame(written, now)) {
    setWritten(now);
    setText(core.fileOf(now));
    setError(null);
  }
  const change = (next: string) => {
    setText(next);
    const read = core.readFile(next, draft.base, defaults as Mapping);
    if ('error' in read) {
      setError(read.error);
      return;
    }
    setError(null);
    setWritten(drafted({ ...draft, edits: differences(draft.base, read.sections) }));
    changeDraft(storeId, { type: 'replace', sections: read.sections });
  };
  return (
    <section className="card" aria-labelledby="file">
      <div className="card-head">
        <h2 id="file">Store file</h2>
        <span className="soft">The same configuration as YAML</span>
      </div>
      <div className={css['body']}>
        <CodeEditor
          label="Store file"
          language="yaml"
          value={text}
          error={error}
          readOnly={!mayEdit}
          onChange={change}
        />
      </div>
    </section>
  );
}
