import { parseArgs } from 'node:util';
import { InvalidInput, messageOf } from '../src/core/errors.ts';

/** Real directories answer in 50 to 200 ms. */
export const defaultLatencyMs = 100;

export const USAGE = `npm run bench -- [--users N] [--latency MS] [--rounds N] [--json] [--write-docs]

  Measures Rollcall beside what the machine itself allows (floors) and what people write (naive). Needs Linux. Uses the
  database and Redis of MONGODB_URI and REDIS_URL, or starts both privately; what it writes there is removed at the end.

  --users N     how many people the simulated directory has (20000; from 100 to 1000000)
  --latency MS  how long each answer of the directory is held back (${defaultLatencyMs}; from 1 to 10000: none answers at once)
  --rounds N    how often everything is measured: medians are told, with the least and the most (3)
  --json        one JSON document on standard output instead of a table
  --write-docs  keeps the result in docs/benchmarks/ and writes docs/benchmarks.md anew from all that are kept there`;

/** What a person asked for. */
export interface BenchOptions {
  readonly users: number;
  readonly latencyMs: number;
  readonly rounds: number;
  readonly json: boolean;
  readonly writeDocs: boolean;
}

/** Reads the command line. Throws InvalidInput. */
export function parseArguments(argv: readonly string[]): BenchOptions | 'help' {
  const values = readValues(argv);
  if (values.help) return 'help';
  return {
    users: wholeNumber('--users', values.users, { from: 100, to: 1_000_000 }),
    latencyMs: wholeNumber('--latency', values.latency, { from: 1, to: 10_000 }),
    rounds: wholeNumber('--rounds', values.rounds, { from: 1, to: 100 }),
    json: values.json,
    writeDocs: values['write-docs'],
  };
}

function readValues(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        users: { type: 'string', default: '20000' },
        latency: { type: 'string', default: String(defaultLatencyMs) },
        rounds: { type: 'string', default: '3' },
        json: { type: 'boolean', default: false },
        'write-docs': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new InvalidInput(`${messageOf(error)}\n${USAGE}`, { cause: error });
  }
}

function wholeNumber(
  option: string,
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= from && number <= to) return number;
  throw new InvalidInput(`${option} must be a whole number from ${from} to ${to}, not '${text}'`);
}
