import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Configuration } from '../../api/client.ts';
import { configurationQuery } from '../../api/queries/stores.ts';
import { type Draft, drafted, newDraft } from '../../draft/draft.ts';
import { beginDraft, changeDraft, useDraft } from '../../draft/draft-store.ts';
import { useCore } from '../../draft/use-core.ts';
import { useMay } from '../../shell/use-role.ts';

/** What the editors of a configuration work on. */
export interface Editing {
  readonly storeId: string;
  readonly draft: Draft;
  readonly now: Configuration;
  readonly mayEdit: boolean;
  /** What is wrong with the draft, by path. */
  readonly complaints: ReadonlyMap<string, string>;
  readonly edit: (path: string, value: unknown) => void;
}

/** The draft of a store's configuration; null while it is read. */
export function useEditing(storeId: string): {
  readonly editing: Editing | null;
  readonly error: Error | null;
  readonly retry: () => void;
} {
  const { data, error, refetch } = useQuery(configurationQuery(storeId));
  const draft = useDraft(storeId);
  const core = useCore();
  const mayEdit = useMay('admin');
  useEffect(() => {
    if (data === undefined) return;
    beginDraft(storeId, newDraft(data));
    changeDraft(storeId, { type: 'stored', base: data });
  }, [storeId, data]);
  const now = useMemo(() => (draft === null ? null : drafted(draft)), [draft]);
  const complaints = useMemo(
    () => (now === null || core === null ? new Map<string, string>() : core.complaintsAbout(now)),
    [now, core],
  );
  const isRead = draft !== null && now !== null;
  return {
    editing: isRead
      ? {
          storeId,
          draft,
          now,
          mayEdit,
          complaints,
          edit: (path, value) => changeDraft(storeId, { type: 'edit', path, value }),
        }
      : null,
    error: isRead ? null : error,
    retry: () => void refetch(),
  };
}
