/** `npm run chaos -- --minutes 10 --seed 7`: breaks everything while it works, then checks the invariants. */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/core/errors.ts';
import type { RecordDocument } from '../../src/mongo/models/record.model.ts';
import { seededRandom } from '../../src/simulator/directory/random.ts';
import { doSomething, type Scene } from './actions.ts';
import { checkInvariants, type Outcome } from './invariants.ts';
import { type Journal, openJournal, summarize } from './journal.ts';
import { calmDown, syncUntilUnchanged, tendStores, untilAllEnded } from './settle.ts';
import { type Stage, setStage } from './stage.ts';
import { startWatching, type Watch } from './watch.ts';

const usage = 'Usage: npm run chaos -- [--minutes N] [--seed N]';

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

interface Options {
  readonly minutes: number;
  readonly seed: number;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: { minutes: { type: 'string' }, seed: { type: 'string' } },
  });
  const minutes = Number(values.minutes ?? 3);
  const seed = Number(values.seed ?? 1);
  if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error(usage);
  return { minutes, seed };
}

async function rage(scene: Scene, options: Options, stopped: AbortSignal): Promise<void> {
  const until = performance.now() + options.minutes * 60_000;
  const { stage, random } = scene;
  for (const { name } of stage.stores) await stage.rollcall.rollcall(['sync', name]);
  while (performance.now() < until && !stopped.aborted) {
    await doSomething(scene);
    await tendStores(scene);
    await wait(random() * 800);
  }
}

async function outcomeOf(
  scene: Scene,
  { watch, lastRuns }: { readonly watch: Watch; readonly lastRuns: readonly string[] },
): Promise<Outcome> {
  const { view, stores, workers } = scene.stage;
  const fallen = workers.filter(({ hasEnded }) => hasEnded).map(({ pid }) => `worker ${pid} ended`);
  return {
    stores,
    members: await view.members(),
    runs: await view.runs(),
    records: await view.raw.collection<RecordDocument>('records').find().toArray(),
    lastRuns,
    watch,
    bugs: [...scene.bugs, ...fallen],
  };
}

async function chaos(options: Options, stage: Stage, journal: Journal, stopped: AbortSignal) {
  const random = seededRandom(options.seed);
  const scene: Scene = {
    stage,
    random,
    journal,
    bugs: [],
    pending: new Set(),
    paused: new Set(),
  };
  const watch = startWatching(stage);
  let lastRuns: readonly string[] = [];
  try {
    await rage(scene, options, stopped);
    await calmDown(scene);
    await untilAllEnded(scene);
    lastRuns = await syncUntilUnchanged(scene);
  } finally {
    await watch.end();
  }
  const outcome = await outcomeOf(scene, { watch, lastRuns });
  journal.note(`looked ${watch.looks()} times meanwhile`);
  const applied = outcome.records.filter(({ status }) => status === 'applied').length;
  const counts = new Map([
    ...journal.counts,
    ['runs', outcome.runs.length],
    ['records applied', applied],
    ['members', outcome.members.length],
  ]);
  const findings = checkInvariants(outcome);
  for (const line of summarize(counts, findings)) print(line);
  return findings.every(({ broken }) => broken.length === 0);
}

async function main(): Promise<number> {
  const options = readOptions();
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  const journal = openJournal(print);
  journal.note(`seed ${options.seed}, ${options.minutes} minutes`);
  const stage = await setStage(options.seed, (step) => journal.note(step));
  try {
    const isWell = await chaos(options, stage, journal, stopping.signal);
    const again = `npm run chaos -- --minutes ${options.minutes} --seed ${options.seed}`;
    print(isWell ? '\nAll is well.' : `\nSomething is wrong. Once more: ${again}`);
    return isWell ? 0 : 1;
  } finally {
    await stage.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  print(`chaos failed: ${messageOf(error)}`);
  process.exitCode = 1;
}
