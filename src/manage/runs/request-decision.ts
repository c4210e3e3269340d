import { Conflict } from '../../core/errors.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { RecordStatus } from '../../core/model/record.ts';
import { type AskedDecision, hasEnded, type Run } from '../../core/model/run.ts';
import { reauthorizeHint } from '../../core/reauthorize-hint.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { RecordStore } from '../../ports/records.ts';
import type { RunStore } from '../../ports/runs.ts';
import { type AuditedAction, type AuditPorts, audited } from '../audit/audited.ts';
import { findPeople } from './find-people.ts';

interface DecisionPorts extends AuditPorts {
  readonly runs: Pick<RunStore, 'openDecision'>;
  readonly records: Pick<RecordStore, 'page'>;
  readonly stores: Pick<DirectoryStores, 'get'>;
  readonly queue: Pick<JobQueue, 'enqueueJob'>;
  readonly clock: Clock;
}

interface DecisionRequest extends Omit<AskedDecision, 'at' | 'rejected' | 'by'> {
  readonly run: Run;
  readonly actor: Actor;
}

/**
 * Stores a decision on a run's held records in the run, for a worker to carry out. People are named by source id, or by
 * the address that their record shows. An approval by name may also name a record that was rejected before. `Conflict`
 * when the run is in no state to be decided on, `InvalidInput` when a named person has no such record, or an address is
 * that of several; nothing is changed then.
 */
export async function requestDecision(ports: DecisionPorts, asked: DecisionRequest): Promise<Run> {
  const { run, verdict, actor } = asked;
  if (run.mode === 'plan') {
    throw new Conflict(`Run ${run.id} is a preview: it is never applied.`, {
      hint: 'Start a run that does it with: rollcall sync NAME --wait',
    });
  }
  if (!hasEnded(run)) throw underWay(run);
  const statuses: readonly RecordStatus[] =
    verdict === 'approve' && asked.people !== null ? ['held', 'rejected'] : ['held'];
  const { people, rejected } = await findPeople(ports, run, { named: asked.people, statuses });
  if (verdict === 'approve' && run.undoOf === null) await checkStore(ports, run);
  const opened = await audited(ports, actionOf({ ...asked, people }), async () => {
    const decision = { verdict, people, rejected, by: actor.by, at: ports.clock.now() };
    const open = await ports.runs.openDecision(run.id, decision);
    if (open === null) throw underWay(run);
    return open;
  });
  await ports.queue.enqueueJob(opened);
  return opened;
}

function actionOf({ run, verdict, people, actor }: DecisionRequest): AuditedAction {
  const action = verdict === 'approve' ? 'run-approved' : 'run-rejected';
  const about = { storeId: run.storeId, runId: run.id };
  const to = people === null ? 'all that are held' : String(people.length);
  return { actor, action, ...about, changes: [{ path: 'records', from: null, to }] };
}

function underWay({ id, decision }: Run): Conflict {
  const what = decision === null ? 'still under way' : `being decided by ${decision.by}`;
  return new Conflict(`Run ${id} is ${what}.`, { hint: `See it with: rollcall runs show ${id}` });
}

async function checkStore({ stores }: DecisionPorts, { storeId }: Run): Promise<void> {
  const store = storeId === null ? null : await stores.get(storeId);
  if (store?.status !== 'needs-reauthorization') return;
  throw new Conflict(
    `${JSON.stringify(store.name)} needs to be reauthorized: until then nothing can be confirmed.`,
    {
      hint: reauthorizeHint(store.name),
    },
  );
}
