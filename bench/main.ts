/** `npm run bench -- …`: Rollcall measured against what the machine allows and what people write. */
import { findGivenServices } from '../dev/services/given-services.ts';
import { runWithServices } from '../dev/services/run-command.ts';
import { ConfigError, InvalidInput, messageOf, Unavailable } from '../src/core/errors.ts';
import { type BenchOptions, parseArguments, USAGE } from './arguments.ts';
import { describeMachine, readVersions } from './machine.ts';
import { measure } from './measure.ts';
import { resultTable } from './report/table.ts';
import type { BenchResult } from './result.ts';
import { summarize } from './summarize.ts';

const report = (line: string) => void process.stderr.write(`bench: ${line}\n`);

async function bench(options: BenchOptions): Promise<number> {
  const services = findGivenServices(process.env);
  // Without servers it runs again, with a Redis and a database that live as long as it does.
  if (services === undefined) {
    const itself = [process.execPath, ...process.execArgv, ...process.argv.slice(1)] as const;
    const words = [itself[0], ...itself.slice(1)] as const;
    return runWithServices(
      { repository: process.cwd(), report },
      { instance: undefined, keep: false, words },
    );
  }
  const { users, latencyMs, rounds } = options;
  const startedMs = performance.now();
  const versions = await readVersions(services);
  const measured = await measure({ users, latencyMs, rounds, services, onStep: report });
  const result: BenchResult = {
    users,
    latencyMs,
    rounds,
    date: new Date().toISOString(),
    machine: describeMachine(),
    versions,
    ...summarize(users, measured),
  };
  report(`done in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  process.stdout.write(
    options.json ? `${JSON.stringify(result, null, 2)}\n` : `${resultTable(result)}\n`,
  );
  return 0;
}

/** As in sysexits.h, the ones that the rest of Rollcall uses. */
function exitCodeOf(error: unknown): number {
  if (error instanceof InvalidInput) return 2;
  if (error instanceof ConfigError) return 78;
  return error instanceof Unavailable ? 69 : 1;
}

try {
  const options = parseArguments(process.argv.slice(2));
  if (options === 'help') process.stdout.write(`${USAGE}\n`);
  else process.exitCode = await bench(options);
} catch (error) {
  report(messageOf(error));
  process.exitCode = exitCodeOf(error);
}
