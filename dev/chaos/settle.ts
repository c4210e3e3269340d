import { eventually } from '../../test/e2e/processes.ts';
import type { Scene } from './actions.ts';

const mostRounds = 10;

/** Gives stores the key again that a fault made them lose, and resumes those that an undo paused. */
export async function tendStores({ stage, journal }: Pick<Scene, 'stage' | 'journal'>) {
  const { rollcall, view } = stage;
  for (const { name, simulator } of stage.stores) {
    const store = await view.raw.collection('stores').findOne({ name });
    const status: unknown = store?.['status'];
    if (status === 'needs-reauthorization') {
      journal.note(`rollcall store reauthorize ${name}`, 'rollcall store reauthorize');
      await rollcall.rollcall(
        ['store', 'reauthorize', name, '--api-key-stdin'],
        `${simulator.apiKey}\n`,
      );
    }
    if (status === 'paused') {
      journal.note(`rollcall store resume ${name}`, 'rollcall store resume');
      await rollcall.rollcall(['store', 'resume', name]);
    }
  }
}

/** Ends all faults, and restarts the workers: from here on everything works. */
export async function calmDown({ stage, journal, paused, pending }: Scene): Promise<void> {
  journal.note('calm: no faults, everything is up, new workers');
  for (const { simulator } of stage.stores) {
    simulator.setFaults([]);
    simulator.setLatency(0);
  }
  await stage.services.revive();
  for (const worker of paused) worker.wake();
  paused.clear();
  const old = stage.workers.slice();
  for (const worker of old) {
    await worker.stop('SIGKILL');
    await stage.replace(worker);
  }
  await Promise.all(pending);
}

/** Waits until no run is under way. */
export async function untilAllEnded({ stage, journal }: Pick<Scene, 'stage' | 'journal'>) {
  await eventually(async () => {
    const { length } = await stage.view.runs({ finishedAt: null });
    return length === 0 ? true : null;
  });
  journal.note('every run has ended');
}

/** Syncs and approves everything until nothing is left to do; returns the last run of each store. */
export async function syncUntilUnchanged(scene: Scene): Promise<readonly string[]> {
  const last = new Map<string, string>();
  for (let round = 1; round <= mostRounds; round += 1) {
    await tendStores(scene);
    let isDone = true;
    for (const { name } of scene.stage.stores) {
      const { code, stdout, stderr } = await scene.stage.rollcall.rollcall([
        'sync',
        name,
        '--wait',
        '--json',
      ]);
      if (stdout === '') throw new Error(`sync ${name} exited ${code}: ${stderr}`);
      const { id, status, counts } = JSON.parse(stdout) as FinalRun;
      scene.journal.note(`${name}: final sync ${status}, ${counts.applied} applied`);
      last.set(name, id);
      isDone &&= status === 'succeeded' && counts.applied === 0;
    }
    const approved = await approveBlocking(scene);
    if (isDone && approved === 0) break;
  }
  return [...last.values()];
}

interface FinalRun {
  readonly id: string;
  readonly status: string;
  readonly counts: { readonly applied: number };
}

/** Rejected records too: their changes would not be planned again while the cause stays the same. */
async function approveBlocking({ stage, journal }: Scene): Promise<number> {
  const { view, rollcall } = stage;
  const blocking = await view.raw
    .collection('records')
    .find({ standsIn: { $exists: true } })
    .toArray();
  const peopleOf = new Map<string, string[]>();
  for (const { runId, externalId } of blocking) {
    peopleOf.set(String(runId), [...(peopleOf.get(String(runId)) ?? []), String(externalId)]);
  }
  for (const [runId, people] of peopleOf) {
    journal.note(`approve ${people.length} of run ${runId}`, 'rollcall runs approve');
    await rollcall.rollcall(['runs', 'approve', runId, '--record', ...people]);
  }
  return blocking.length;
}
