/** `npm run bench -- …`: Rollcall measured beside what the machine allows and what people write. */
import {
  findGivenServices,
  runWithServices,
  ServicesError,
  type ServiceUris,
} from '@rollcall/dev-services';
import {
  Cancelled,
  ConfigError,
  InvalidInput,
  messageOf,
  Unavailable,
} from '../src/core/errors.ts';
import { type BenchOptions, parseArguments, USAGE } from './arguments.ts';
import { describeMachine, readVersions } from './machine.ts';
import { measure } from './measure.ts';
import { resultTable } from './report/table.ts';
import { toJson, writeDocs } from './report/write-docs.ts';
import type { BenchResult } from './result.ts';
import { summarize } from './summarize.ts';

const report = (line: string) => void process.stderr.write(`bench: ${line}\n`);

/** Runs the bench; without servers, in a second process around which they are started. Gives the exit code. */
async function run(options: BenchOptions): Promise<number> {
  if (process.platform !== 'linux') {
    throw new ConfigError(
      'The bench reads the memory of processes in /proc: it runs on Linux alone.',
    );
  }
  const services = findGivenServices(process.env);
  if (services === undefined) {
    const again = [...process.execArgv, ...process.argv.slice(1)];
    return runWithServices(
      { repository: process.cwd(), report },
      { instance: undefined, keep: false, words: [process.execPath, ...again] },
    );
  }
  const result = await bench(options, services);
  if (options.writeDocs) await writeDocs(result, 'docs');
  process.stdout.write(options.json ? toJson(result) : `${resultTable(result)}\n`);
  return 0;
}

async function bench(
  { users, latencyMs, rounds }: BenchOptions,
  services: ServiceUris,
): Promise<BenchResult> {
  const startedMs = performance.now();
  const stopped = untilStopped();
  const versions = await readVersions(services);
  const onStep = (words: string): void => {
    report(words);
    stopped.throwIfAborted();
  };
  const measured = await measure({ users, latencyMs, rounds, services, onStep }).catch((error) => {
    // Ctrl-C ends what is measured too, each part with words of its own.
    stopped.throwIfAborted();
    throw error;
  });
  report(`done in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  return {
    users,
    latencyMs,
    rounds,
    date: new Date().toISOString(),
    machine: describeMachine(),
    versions,
    ...summarize(users, measured),
  };
}

/** Aborted by a signal to stop: after the current step, the started processes are ended in order. */
function untilStopped(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stopping.abort(new Cancelled(`stopped by ${signal}`)));
  }
  return stopping.signal;
}

/** As in sysexits.h, the ones that the rest of Rollcall uses. */
function exitCodeOf(error: unknown): number {
  if (error instanceof ServicesError) return error.exitCode;
  if (error instanceof InvalidInput) return 2;
  if (error instanceof ConfigError) return 78;
  if (error instanceof Cancelled) return 130;
  return error instanceof Unavailable ? 69 : 1;
}

try {
  const options = parseArguments(process.argv.slice(2));
  if (options === 'help') process.stdout.write(`${USAGE}\n`);
  else process.exitCode = await run(options);
} catch (error) {
  report(messageOf(error));
  process.exitCode = exitCodeOf(error);
}
