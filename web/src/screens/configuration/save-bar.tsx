import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem, type Sections } from '../../api/client.ts';
import { previewConfiguration, saveConfiguration } from '../../api/queries/configuration.ts';
import { isOver, runQuery } from '../../api/queries/runs.ts';
import { configurationQuery, storeQuery } from '../../api/queries/stores.ts';
import { changedSections, type Draft, previewKey, wantsPreview } from '../../draft/draft.ts';
import { changeDraft } from '../../draft/draft-store.ts';
import { lineName, lineText } from '../../draft/line-words.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import { n, outcomeOf, plural } from '../../words.ts';
import { Clashes } from './clashes.tsx';
import css from './save-bar.module.css';
import { SaveUnseen } from './save-unseen.tsx';
import type { Editing } from './use-editing.ts';

/** Stores the draft, and shows the server's answer; another revision becomes the base of the draft. */
export function useSave(storeId: string, draft: Draft | null) {
  const queries = useQueryClient();
  const { queryKey } = configurationQuery(storeId);
  return useMutation({
    mutationFn: async () => {
      if (draft === null || draft.edits.size === 0) return null;
      return saveConfiguration(storeId, draft.base, changedSections(draft));
    },
    onSuccess: (saved) => {
      if (saved === null) return undefined;
      const { changes: _changes, resets: _resets, notes: _notes, scope: _scope, ...base } = saved;
      changeDraft(storeId, { type: 'saved', base });
      queries.setQueryData(queryKey, base);
      return queries.invalidateQueries({ queryKey: ['stores'] });
    },
    onError: (error) =>
      isStale(error) ? queries.invalidateQueries({ queryKey, exact: true }) : undefined,
  });
}

/** Whether the configuration was changed since it was read. */
const isStale = (error: Error): boolean =>
  error instanceof ApiProblem && error.problem.status === 412;

/** What the draft changes, whom it touches, and Save. */
export function SaveBar({ editing }: { readonly editing: Editing }) {
  const { storeId, draft, complaints } = editing;
  const [isUnseen, setUnseen] = useState(false);
  const save = useSave(storeId, draft);
  const preview = useDraftPreview(storeId, draft);
  const paths = [...draft.edits.keys()];
  const failure = [save.error, preview.error].find((error) => error !== null && !isStale(error));
  if (paths.length === 0 && draft.theirs.length === 0) {
    return save.data == null ? null : (
      <output className={css['saved']}>
        Saved. {save.data.notes.join(' ')} The next sync applies it.
      </output>
    );
  }
  const mustSee = paths.some(wantsPreview);
  const isReady = complaints.size === 0 && draft.clashes.length === 0 && paths.length > 0;
  return (
    <section className={css['bar']} aria-label="Changes that are not saved">
      <Clashes storeId={storeId} draft={draft} />
      {failure != null && <Failure error={failure} />}
      {complaints.size > 0 && (
        <ul className={css['wrong']} role="alert">
          {[...complaints].map(([path, message]) => (
            <li key={path}>
              {lineName(path)}: {message}
            </li>
          ))}
        </ul>
      )}
      <Raised editing={editing} />
      {preview.run !== null && <Outcome run={preview.run} />}
      <div className={css['acts']}>
        <p className={css['what']}>
          <strong>{plural(paths.length, 'change')}</strong>{' '}
          <span dir="auto">{paths.map(lineName).join(', ')}</span>
        </p>
        <Button look="quiet" onClick={() => changeDraft(storeId, { type: 'discard' })}>
          Discard
        </Button>
        {mustSee && !preview.isSeen && (
          <>
            <Button look="quiet" disabled={!isReady} onClick={() => setUnseen(true)}>
              Save without preview…
            </Button>
            <Button
              look="primary"
              disabled={!isReady || preview.isBusy}
              onClick={() => preview.ask()}
            >
              {preview.isBusy ? 'Looking…' : 'See whom it touches'}
            </Button>
          </>
        )}
        {(!mustSee || preview.isSeen) && (
          <Button
            look="primary"
            disabled={!isReady || save.isPending}
            onClick={() => save.mutate()}
          >
            Save
          </Button>
        )}
      </div>
      {isUnseen && (
        <SaveUnseen
          busy={save.isPending}
          onSave={() => save.mutate(undefined, { onSettled: () => setUnseen(false) })}
          onClose={() => setUnseen(false)}
        />
      )}
    </section>
  );
}

/** The preview of the draft as it is now; one that was asked for before counts as long as it is the same draft. */
function useDraftPreview(storeId: string, draft: Draft) {
  const key = previewKey(draft);
  const known = draft.preview?.key === key ? draft.preview.runId : null;
  const ask = useMutation({
    mutationFn: (sections: Partial<Sections>) => previewConfiguration(storeId, sections),
    onSuccess: ({ run }) => changeDraft(storeId, { type: 'previewed', key, runId: run.id }),
  });
  const run = useQuery({ ...runQuery(known ?? ''), enabled: known !== null });
  const seen = known === null ? null : (run.data ?? null);
  return {
    run: seen,
    isSeen: seen?.status === 'planned',
    isBusy: ask.isPending || (known !== null && (seen === null || !isOver(seen))),
    error: ask.error ?? (known === null ? null : run.error),
    ask: () => ask.mutate(changedSections(draft)),
  };
}

type SeenRun = NonNullable<ReturnType<typeof useDraftPreview>['run']>;

/** What a preview says, or how far it is. */
export function Outcome({ run }: { readonly run: SeenRun }) {
  const { counts } = run;
  return (
    <div className={css['outcome']} aria-live="polite">
      {isOver(run) ? (
        <>
          <p>
            <strong>{outcomeOf(run)}</strong>
            {run.status === 'planned' && ` of ${plural(counts.listed, 'person', 'people')} listed.`}{' '}
            <Link to="/runs/$runId" params={{ runId: run.id }} className="underlined">
              See the people
            </Link>
          </p>
          {run.warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </>
      ) : (
        <p>Reading the directory: {n(counts.listed)} people so far…</p>
      )}
    </div>
  );
}

const limits = ['removals', 'emailChanges', 'blanks'] as const;

/** Says what a greater safeguard lets pass without a person. */
function Raised({ editing: { storeId, draft, now } }: { readonly editing: Editing }) {
  const store = useQuery(storeQuery(storeId));
  const active = store.data?.members.active ?? 0;
  const allowed = ({ percent, floor }: Sections['safeguards']['removals']) =>
    Math.max(floor, Math.floor((active * percent) / 100));
  const raised = limits.filter(
    (key) => allowed(now.safeguards[key]) > allowed(draft.base.safeguards[key]),
  );
  if (raised.length === 0) return null;
  return (
    <ul className={css['raised']}>
      {raised.map((key) => (
        <li key={key}>
          {lineName(`safeguards.${key}`)} is raised: with {plural(active, 'active member')}, up to{' '}
          <strong>{n(allowed(now.safeguards[key]))}</strong> changes happen without a person; until
          now {n(allowed(draft.base.safeguards[key]))} ( {lineText('', draft.base.safeguards[key])}{' '}
          → {lineText('', now.safeguards[key])}).
        </li>
      ))}
    </ul>
  );
}
