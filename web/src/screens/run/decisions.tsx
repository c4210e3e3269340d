import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, body, type Run } from '../../api/client.ts';
import { isOver } from '../../api/queries/runs.ts';
import { useMay } from '../../shell/use-role.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Failure } from '../../ui/notice.tsx';
import { n, plural } from '../../words.ts';

type Verb = 'approve' | 'reject' | 'undo';

interface DecisionsProps {
  readonly run: Run;
  /** Whether changes of the run wait for a person. */
  readonly waits: boolean;
  /** Source ids; none means all that are held. */
  readonly chosen: ReadonlySet<string>;
  readonly onDecided: () => void;
}

/** What a person may do about a run: approve or reject what is held, cancel, undo. */
export function Decisions({ run, waits, chosen, onDecided }: DecisionsProps) {
  const [asking, setAsking] = useState<Verb | null>(null);
  const mayDecide = useMay('admin');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const params = { path: { runId: run.id } };
  const records = chosen.size > 0 ? { records: [...chosen] } : {};
  const send = {
    approve: () => body(api.POST('/api/v1/runs/{runId}/approve', { params, body: records })),
    reject: () => body(api.POST('/api/v1/runs/{runId}/reject', { params, body: records })),
    undo: () => body(api.POST('/api/v1/runs/{runId}/undo', { params, body: { plan: false } })),
    cancel: () => body(api.POST('/api/v1/runs/{runId}/cancel', { params })),
  };
  const decide = useMutation({
    mutationFn: (verb: Verb | 'cancel') => send[verb](),
    onSuccess: async ({ id }) => {
      setAsking(null);
      onDecided();
      if (id !== run.id) await navigate({ to: '/runs/$runId', params: { runId: id } });
    },
    onSettled: () => queries.invalidateQueries(),
  });
  const count = chosen.size > 0 ? chosen.size : run.counts.held;
  const mayUndo =
    isOver(run) && run.mode !== 'plan' && run.counts.applied > 0 && run.undoOf === null;
  if (!mayDecide) {
    return waits ? <p className="soft">To decide takes the role admin.</p> : null;
  }
  return (
    <div className="acts">
      {decide.isError && <Failure error={decide.error} />}
      {!isOver(run) && (
        <Button
          disabled={run.cancelRequested || decide.isPending}
          onClick={() => decide.mutate('cancel')}
        >
          {run.cancelRequested ? 'Is being cancelled' : 'Cancel'}
        </Button>
      )}
      {mayUndo && <Button onClick={() => setAsking('undo')}>Undo…</Button>}
      {waits && (
        <>
          <Button onClick={() => setAsking('reject')}>Reject {n(count)}…</Button>
          <Button look="primary" onClick={() => setAsking('approve')}>
            Approve {n(count)}…
          </Button>
        </>
      )}
      {asking !== null && (
        <Confirm
          {...questionOf(asking, run, count)}
          busy={decide.isPending}
          onConfirm={() => decide.mutate(asking)}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}

function questionOf(verb: Verb, { storeName, counts }: Run, count: number) {
  if (verb === 'undo') {
    return {
      title: `Undo ${plural(counts.applied, 'change')}?`,
      action: `Undo ${n(counts.applied)}`,
      danger: true,
      count: counts.applied,
      children: (
        <p>
          Each field goes back to what it was, where it has not been changed since.{' '}
          {storeName ?? 'The store'} is paused, so that the next sync does not repeat the changes.
        </p>
      ),
    };
  }
  if (verb === 'reject') {
    return {
      title: `Reject ${plural(count, 'change')}?`,
      action: `Reject ${n(count)}`,
      count,
      children: (
        <p>
          The members stay as they are. Later runs do not ask again while the cause is the same.
        </p>
      ),
    };
  }
  return {
    title: `Approve ${plural(count, 'change')}?`,
    action: `Approve ${n(count)}`,
    danger: true,
    count,
    children: (
      <p>
        Each person is asked for in the directory once more. What is still true is applied; what is
        not stays undone. The run can be undone.
      </p>
    ),
  };
}
