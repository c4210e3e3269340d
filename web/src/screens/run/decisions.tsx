import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body, type Run } from '../../api/client.ts';
import { isOver } from '../../api/queries/runs.ts';
import { useMay } from '../../shell/use-role.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import { appliedIn, heldIn } from '../../words.ts';
import { type Asked, DecideDialog } from './decide-dialog.tsx';
import { UndoDialog } from './undo-dialog.tsx';

interface DecisionsProps {
  readonly run: Run;
  /** Whether changes of the run wait for a person. */
  readonly waits: boolean;
  readonly onDecided: () => void;
}

/** What a person may do about a run as a whole: approve or reject all that is held, cancel, undo. */
export function Decisions({ run, waits, onDecided }: DecisionsProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isUndoing, setUndoing] = useState(false);
  const mayDecide = useMay('admin');
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () =>
      body(api.POST('/api/v1/runs/{runId}/cancel', { params: { path: { runId: run.id } } })),
    onSettled: () => queries.invalidateQueries(),
  });
  const mayUndo = isOver(run) && run.mode !== 'plan' && appliedIn(run) > 0;
  const decide = (verdict: Asked['verdict']) => setAsked({ verdict, expected: heldIn(run) });
  if (isOver(run) && !mayUndo && !waits) return null;
  return (
    <div>
      <div className="acts">
        {!isOver(run) && (
          <Button
            disabled={!mayDecide || run.cancelRequested || cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            {run.cancelRequested ? 'Is being cancelled' : 'Cancel'}
          </Button>
        )}
        {mayUndo && (
          <Button disabled={!mayDecide} onClick={() => setUndoing(true)}>
            Undo…
          </Button>
        )}
        {waits && (
          <>
            <Button disabled={!mayDecide} onClick={() => decide('reject')}>
              Reject all…
            </Button>
            <Button look="primary" disabled={!mayDecide} onClick={() => decide('approve')}>
              Approve all…
            </Button>
          </>
        )}
      </div>
      {!mayDecide && <p className="soft">To decide takes the role admin.</p>}
      {cancel.isError && <Failure error={cancel.error} />}
      {asked !== null && (
        <DecideDialog
          run={run}
          asked={asked}
          onDecided={() => {
            setAsked(null);
            onDecided();
          }}
          onChanged={(expected) => setAsked({ ...asked, expected, isChanged: true })}
          onClose={() => setAsked(null)}
        />
      )}
      {isUndoing && <UndoDialog run={run} onClose={() => setUndoing(false)} />}
    </div>
  );
}
