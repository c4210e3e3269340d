import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api, body, type Run } from '../../api/client.ts';
import { isOver, runQuery, undoPreviewQuery } from '../../api/queries/runs.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Failure } from '../../ui/notice.tsx';
import { appliedIn, changedBy, n, outcomeOf, plural } from '../../words.ts';

/** Shows what an undo would do, in numbers, and then asks for it. */
export function UndoDialog({ run, onClose }: { readonly run: Run; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const asked = useQuery(undoPreviewQuery(run.id));
  const read = useQuery({
    ...runQuery(asked.data?.id ?? ''),
    enabled: asked.data !== undefined,
    refetchInterval: ({ state: { data } }) => (data && isOver(data) ? false : 500),
  });
  const undo = useMutation({
    mutationFn: () =>
      body(
        api.POST('/api/v1/runs/{runId}/undo', {
          params: { path: { runId: run.id } },
          body: { plan: false },
        }),
      ),
    onSuccess: async ({ id }) => {
      await navigate({ to: '/runs/$runId', params: { runId: id } });
      onClose();
    },
    onSettled: () => queries.invalidateQueries(),
  });
  const preview = read.data !== undefined && isOver(read.data) ? read.data : null;
  const count = preview === null ? appliedIn(run) : changedBy(preview);
  const error = asked.error ?? read.error ?? undo.error;
  return (
    <Confirm
      title={`Undo ${plural(count, 'change')}?`}
      action={`Undo ${n(count)}`}
      danger
      count={count}
      busy={undo.isPending || preview === null || count === 0}
      onConfirm={() => undo.mutate()}
      onClose={onClose}
    >
      {error !== null && <Failure error={error} />}
      <p>
        <strong>{run.storeName ?? 'The store'} is paused</strong>, so that the next sync does not
        repeat the changes. Resume it when its cause is mended.
      </p>
      {preview === null ? (
        <output>What would be undone is being counted…</output>
      ) : (
        <Preview preview={preview} />
      )}
    </Confirm>
  );
}

function Preview({ preview }: { readonly preview: Run }) {
  const { conflict, held } = preview.counts;
  return (
    <>
      <output>{outcomeOf(preview)}.</output>
      {conflict > 0 && (
        <p>{plural(conflict, 'change')} can’t be undone, since the member was changed again.</p>
      )}
      {held > 0 && <p>A safeguard would hold {n(held)} of them for a decision.</p>}
      <p>
        <Link to="/runs/$runId" params={{ runId: preview.id }} className="underlined">
          See whom it touches
        </Link>
      </p>
    </>
  );
}
