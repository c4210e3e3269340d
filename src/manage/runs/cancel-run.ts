import { Conflict } from '../../core/errors.ts';
import type { Actor } from '../../core/model/audit.ts';
import { hasEnded, type Run } from '../../core/model/run.ts';
import type { Ports } from '../../ports/index.ts';
import { audited } from '../audit/audited.ts';

/** Cancels a queued run, or asks one under way to stop at the next safe point. `Conflict` when it has ended. */
export async function cancelRun(
  ports: Pick<Ports, 'runs' | 'audit'>,
  run: Run,
  actor: Actor,
): Promise<Run> {
  if (hasEnded(run)) throw hasEndedAlready(run);
  if (run.trigger === 'push' && run.decision === null) {
    throw new Conflict(`Run ${run.id} gathers what the directory pushes: it ends by itself soon.`, {
      hint: 'To have nothing of a directory applied for now, pause its store.',
    });
  }
  return audited(
    ports,
    { actor, action: 'run-cancelled', storeId: run.storeId, runId: run.id },
    async () => {
      const cancelled = await ports.runs.requestCancel(run.id);
      if (cancelled !== null) return cancelled;
      throw hasEndedAlready((await ports.runs.get(run.id)) ?? run);
    },
  );
}

function hasEndedAlready({ id, status }: Run): Conflict {
  return new Conflict(`Run ${id} has ended already: it is ${status}.`, {
    ...(status === 'held' && { hint: `Reject what it holds with: rollcall runs reject ${id}` }),
  });
}
