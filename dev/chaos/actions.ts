import { setTimeout as wait } from 'node:timers/promises';
import type { ServiceName } from '@rollcall/dev-services';
import { Redis } from 'ioredis';
import { integerBetween, pick, type Random } from '../../src/simulator/directory/random.ts';
import { FAULTS } from '../../src/simulator/faults/faults.ts';
import type { Running } from '../../test/e2e/processes.ts';
import { eventually } from '../../test/e2e/processes.ts';
import type { Journal } from './journal.ts';
import { mutateDirectory } from './mutate-directory.ts';
import type { Stage } from './stage.ts';

export interface Scene {
  readonly stage: Stage;
  readonly random: Random;
  readonly journal: Journal;
  /** Exit codes that no command may have. */
  readonly bugs: string[];
  /** Commands and alarms under way. */
  readonly pending: Set<Promise<unknown>>;
  readonly paused: Set<Running>;
}

type Action = (scene: Scene) => Promise<void>;

/** Every action of chaos, with its relative weight. */
const actions: readonly (readonly [weight: number, action: Action])[] = [
  [30, mutate],
  [14, (scene) => command(scene, ['sync', pick(scene.random, scene.stage.stores).name])],
  [3, (scene) => command(scene, ['sync', pick(scene.random, scene.stage.stores).name, '--plan'])],
  [8, decide],
  [2, undo],
  [3, cancel],
  [6, setFault],
  [12, endFaults],
  [3, slowDown],
  [7, killWorker],
  [3, pauseWorker],
  [2, (scene) => outage(scene, 'redis')],
  [2, (scene) => outage(scene, 'database')],
  [2, flushRedis],
];
const totalWeight = actions.reduce((sum, [weight]) => sum + weight, 0);

/** Does one action, chosen by the seed. */
export async function doSomething(scene: Scene): Promise<void> {
  let left = scene.random() * totalWeight;
  for (const [weight, action] of actions) {
    left -= weight;
    if (left < 0) return action(scene);
  }
}

async function mutate({ stage, random, journal }: Scene): Promise<void> {
  const store = pick(random, stage.stores);
  journal.note(`${store.name}: ${mutateDirectory(store, random)}`, 'changes of a directory');
}

const rightExitCodes: readonly number[] = [0, 1, 2, 3, 4, 69];

/** Runs a command in the background. */
async function command({ stage, journal, bugs, pending }: Scene, words: readonly string[]) {
  const line = `rollcall ${words.join(' ')}`;
  journal.note(line, `rollcall ${words.slice(0, words[0] === 'sync' ? 1 : 2).join(' ')}`);
  const given = stage.rollcall.rollcall(words).then(({ code, stderr }) => {
    if (!rightExitCodes.includes(code)) bugs.push(`${line} exited ${code}: ${stderr}`);
  });
  keep(pending, given);
}

function keep(pending: Set<Promise<unknown>>, promise: Promise<unknown>): void {
  pending.add(promise);
  void promise.finally(() => pending.delete(promise));
}

async function decide(scene: Scene): Promise<void> {
  const { stage, random } = scene;
  const held = await stage.view.runs({ 'counts.held': { $gt: 0 }, mode: { $ne: 'plan' } });
  if (held.length === 0) return;
  const { _id } = pick(random, held);
  const verdict = random() < 0.75 ? 'approve' : 'reject';
  const records = (await stage.view.records(_id)).filter(({ status }) => status === 'held');
  const one = random() < 0.3 ? records.at(0)?.externalId : undefined;
  await command(scene, ['runs', verdict, _id, ...(one === undefined ? [] : ['--record', one])]);
}

/** Undoes a late run; this pauses its store, which is resumed a little later. */
async function undo(scene: Scene): Promise<void> {
  const { stage, random } = scene;
  const applied = await stage.view.runs({ 'counts.applied': { $gt: 0 }, mode: 'full' });
  const late = applied.slice(-3);
  if (late.length > 0) await command(scene, ['runs', 'undo', pick(random, late)._id]);
}

async function cancel(scene: Scene): Promise<void> {
  const [run] = await scene.stage.view.runs({ finishedAt: null });
  if (run !== undefined) await command(scene, ['runs', 'cancel', run._id]);
}

/** A fault that also changes records by id would change which users ought to be active. */
const faults = FAULTS.map(({ name }) => name).filter((name) => name !== 'wrong-types-row');

async function setFault({ stage, random, journal }: Scene): Promise<void> {
  const store = pick(random, stage.stores);
  const fault = pick(random, faults);
  store.simulator.setFaults([fault]);
  journal.note(`${store.name}: fault ${fault}`, 'faults');
}

async function endFaults({ stage, journal }: Scene): Promise<void> {
  for (const { simulator } of stage.stores) {
    simulator.setFaults([]);
    simulator.setLatency(0);
  }
  journal.note('no faults any more');
}

async function slowDown({ stage, random, journal }: Scene): Promise<void> {
  const ms = integerBetween(random, 50, 400);
  for (const { simulator } of stage.stores) simulator.setLatency(ms);
  journal.note(`every answer takes ${ms} ms`);
}

async function killWorker({ stage, random, journal, paused }: Scene): Promise<void> {
  const worker = pick(random, stage.workers);
  journal.note(`kill -9 worker ${worker.pid}`, 'workers killed');
  paused.delete(worker);
  await worker.stop('SIGKILL');
  await stage.replace(worker);
}

/** A short time, or one longer than the lease of a run and the lock of a job. */
async function pauseWorker({ stage, random, journal, paused, pending }: Scene): Promise<void> {
  const worker = pick(random, stage.workers);
  const seconds = random() < 0.5 ? integerBetween(random, 1, 10) : integerBetween(random, 32, 45);
  journal.note(`pause worker ${worker.pid} for ${seconds} s`, 'workers paused');
  paused.add(worker);
  worker.pause();
  keep(
    pending,
    wait(seconds * 1000).then(() => {
      if (paused.delete(worker)) worker.wake();
    }),
  );
}

async function outage({ stage, random, journal }: Scene, service: ServiceName): Promise<void> {
  const seconds = integerBetween(random, 0, 12);
  journal.note(`kill ${service}, back in ${seconds} s`, `times ${service} was killed`);
  await stage.services.kill(service);
  await wait(seconds * 1000);
  await stage.services.revive();
  // The connections of the view outlive the database, and the first command on each fails.
  await eventually(() => stage.view.raw.command({ ping: 1 }).then(Boolean, () => null));
  journal.note(`${service} is back`);
}

async function flushRedis({ stage, journal }: Scene): Promise<void> {
  const redis = new Redis(stage.services.redisUrl);
  await redis.flushall();
  redis.disconnect();
  journal.note('redis is emptied', 'times redis was emptied');
}
