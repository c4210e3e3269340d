import { defined } from '../../core/defined.ts';
import { Conflict } from '../../core/errors.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { RecordChoice } from '../../core/model/record.ts';
import { type AskedDecision, hasEnded, type Run, statusesOf } from '../../core/model/run.ts';
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
  readonly records: Pick<RecordStore, 'page' | 'count'>;
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
  const statuses = statusesOf(asked);
  const { people, rejected } = await findPeople(ports, run, { named: asked.people, statuses });
  await expectAsMany(ports, { ...asked, people });
  if (verdict === 'approve' && run.undoOf === null) await checkStore(ports, run);
  const opened = await audited(ports, actionOf({ ...asked, people }), async () => {
    const made = { by: actor.by, at: ports.clock.now() };
    const { filter, expected } = asked;
    const decision = { verdict, people, rejected, ...made, ...defined({ filter, expected }) };
    const open = await ports.runs.openDecision(run.id, decision);
    if (open === null) throw underWay(run);
    return open;
  });
  await ports.queue.enqueueJob(opened);
  return opened;
}

/** `Conflict` with the number that there are, when the person saw another one. */
async function expectAsMany(
  { records }: Pick<DecisionPorts, 'records'>,
  asked: DecisionRequest,
): Promise<void> {
  const { run, people, filter = null, expected } = asked;
  if (expected === undefined) return;
  const open = { runId: run.id, statuses: statusesOf(asked), people, choice: filter };
  const count = await records.count(open);
  if (count === expected) return;
  throw new Conflict(
    `Run ${run.id} has ${count} such records by now, and you decided on ${expected}.`,
    { count, hint: 'Look at them again, then decide.' },
  );
}

/** The filter of a decision, for the audit. A text that was searched for may be an address, and an entry can't be erased. */
function filterTexts({ text, ...filter }: RecordChoice): NonNullable<AuditedAction['changes']> {
  const given = Object.entries({ ...filter, ...(text !== undefined && { text: '(not kept)' }) });
  return given.map(([path, to]) => ({ path, from: null, to: String(to ?? 'blank') }));
}

function actionOf({
  run,
  verdict,
  people,
  actor,
  filter,
  expected,
}: DecisionRequest): AuditedAction {
  const action = verdict === 'approve' ? 'run-approved' : 'run-rejected';
  const about = { storeId: run.storeId, runId: run.id };
  const all = expected === undefined ? 'all that are held' : String(expected);
  const to = people === null ? all : String(people.length);
  const changes = [{ path: 'records', from: null, to }, ...filterTexts(filter ?? {})];
  return { actor, action, ...about, changes };
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
