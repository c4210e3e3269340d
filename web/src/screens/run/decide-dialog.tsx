import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiProblem, api, body, type Run } from '../../api/client.ts';
import type { DecisionFilter } from '../../api/queries/runs.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Failure } from '../../ui/notice.tsx';
import { heldPlural, n } from '../../words.ts';

/** A decision that a person is asked to confirm, with the number that the person saw. */
export interface Asked {
  readonly verdict: 'approve' | 'reject';
  readonly expected: number;
  /** These alone, by source id. */
  readonly records?: readonly string[];
  /** Those that a filter chooses; without it and `records` all that are held. */
  readonly filter?: DecisionFilter;
  /** Whether the number is another one than the person saw first. */
  readonly isChanged?: boolean;
}

interface DecideDialogProps {
  readonly run: Run;
  readonly asked: Asked;
  readonly onDecided: () => void;
  /** The number is another one by now: ask again. */
  readonly onChanged: (count: number) => void;
  readonly onClose: () => void;
}

/** Says what a decision does to how many, and sends it. */
export function DecideDialog({ run, asked, onDecided, onChanged, onClose }: DecideDialogProps) {
  const queries = useQueryClient();
  const { verdict, expected, records, filter, isChanged = false } = asked;
  const decide = useMutation({
    mutationFn: () => {
      const params = { path: { runId: run.id } };
      const whose = {
        expected,
        ...(records && { records: [...records] }),
        ...(filter && { filter }),
      };
      return verdict === 'approve'
        ? body(api.POST('/api/v1/runs/{runId}/approve', { params, body: whose }))
        : body(api.POST('/api/v1/runs/{runId}/reject', { params, body: whose }));
    },
    onSuccess: onDecided,
    onError: (error) => {
      const count = error instanceof ApiProblem ? error.problem.count : undefined;
      if (count === undefined) return;
      if (count === 0) onClose();
      else onChanged(count);
    },
    onSettled: () => queries.invalidateQueries(),
  });
  const what = heldPlural(run, expected);
  const isRefused = decide.isError && !isChanged;
  const texts =
    verdict === 'approve'
      ? { title: `Approve ${what}?`, action: `${verbOf(run)} ${n(expected)}` }
      : { title: `Reject ${what}?`, action: `Reject ${n(expected)}` };
  return (
    <Confirm
      key={expected}
      {...texts}
      danger={verdict === 'approve'}
      count={expected}
      busy={decide.isPending}
      onConfirm={() => decide.mutate()}
      onClose={onClose}
    >
      {isChanged && (
        <p role="alert">
          <strong>There are {n(expected)} by now, another number than you saw.</strong>
        </p>
      )}
      {isRefused && <Failure error={decide.error} />}
      {verdict === 'approve' ? (
        <>
          <p>
            {run.undoOf === null
              ? 'Each person and group is asked for in the directory once more. What is still true is applied; what is not stays as it is.'
              : 'What the members still have of it is taken back.'}
          </p>
          <p>The run can be undone. The audit notes that you decided.</p>
        </>
      ) : (
        <p>
          {what} {expected === 1 ? 'is' : 'are'} not made: all stays as it is. Later runs do not ask
          again while the cause is the same. The audit notes that you decided.
        </p>
      )}
    </Confirm>
  );
}

/** What an approval does, in a word; several kinds of changes are applied. */
function verbOf({ guards, counts, undoOf }: Run): string {
  const kinds = new Set(guards.map(({ kind }) => kind));
  if (undoOf !== null || kinds.size !== 1 || !kinds.has('removal')) return 'Apply';
  return counts.delete > 0 ? 'Remove' : 'Deactivate';
}
