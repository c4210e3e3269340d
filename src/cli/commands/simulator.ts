import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { InvalidInput, messageOf } from '../../core/errors.ts';
import { FAULT_KINDS, FAULTS } from '../../simulator/faults/faults.ts';
import { Refused } from '../../simulator/refused.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../simulator/simulator.ts';
import { addCommand, type Context } from '../context.ts';
import { formatPairs } from '../terminal/table.ts';
import { wholeNumber } from '../whole-number.ts';

interface Options {
  readonly port: number;
  readonly host: string;
  readonly users: number;
  readonly groups: number;
  readonly seed: number;
  readonly fault?: readonly string[];
  readonly keyFile?: string;
}

export function addSimulator(program: Command, context: Context): void {
  addCommand(program, {
    usage: 'simulator',
    summary: 'run a JumpCloud to try things on, until Ctrl-C; its key is printed',
    examples: [
      'rollcall simulator --port 4000 --users 1000',
      'rollcall simulator --fault shift-left --fault server-errors=5',
    ],
  })
    .option('--port <n>', 'where it listens; 0 takes any free port', port, 0)
    .option('--host <address>', 'where it can be reached', '127.0.0.1')
    .option('--users <n>', 'how many people there are at first', users, 50)
    .option('--groups <n>', 'how many groups there are at first', groups, 10)
    .option('--seed <n>', 'the same seed gives the same people, key and faults', seed, 1)
    .option('--key-file <path>', 'also write the API key to this file')
    .option('--fault <name...>', 'what goes wrong, as NAME or NAME=N; may be given again')
    .addHelpText('after', () => `\n${describeFaults()}`)
    .action((options: Options) => runSimulator(context, options));
}

const port = wholeNumber('--port', { from: 0, to: 65_535 });
const users = wholeNumber('--users', { from: 0, to: 1_000_000 });
const groups = wholeNumber('--groups', { from: 0, to: 10_000 });
const seed = wholeNumber('--seed', { from: 0, to: 999_999_999 });

function describeFaults(): string {
  const pairs = FAULTS.map(
    ({ name, description, amount }) =>
      [
        amount === null ? name : `${name}=N`,
        amount === null ? description : `${description} N: ${amount}`,
      ] as const,
  );
  const lines = formatPairs(pairs).map((line, index) => ({ line, kind: FAULTS[index]?.kind }));
  return Object.entries(FAULT_KINDS)
    .map(([kind, meaning]) => {
      const own = lines.filter((entry) => entry.kind === kind);
      return [`Faults where ${meaning}:`, ...own.map(({ line }) => `  ${line}`)].join('\n');
    })
    .join('\n\n');
}

async function runSimulator(
  { deps, output }: Context,
  { fault: faults = [], keyFile, ...options }: Options,
): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    deps.signals.on('SIGINT', resolve);
    deps.signals.on('SIGTERM', resolve);
  });
  const simulator = await start({ ...options, faults });
  try {
    const { apiKey, organization, serviceAccount } = simulator;
    const url = reachableUrl(simulator.url);
    if (keyFile !== undefined) await writeKey(keyFile, apiKey);
    const document = {
      url,
      apiKey,
      orgId: organization.id,
      organization,
      serviceAccount,
      users: options.users,
      faults,
    };
    await output.answer(document, () => [
      `A simulated JumpCloud: ${organization.name}, ${options.users} users, ${options.groups} groups`,
      '',
      ...formatPairs([
        ['URL', url],
        ['API key', apiKey],
        ['Organization', organization.id],
        ['Client id', serviceAccount.clientId],
        ['Client secret', serviceAccount.clientSecret],
        ['Faults', faults.length === 0 ? 'none' : faults.join(', ')],
      ]),
      '',
      'Point Rollcall (its workers too) at it, and add it as a store:',
      `  export JUMPCLOUD_CONSOLE_URL=${url} JUMPCLOUD_OAUTH_URL=${url}`,
      `  echo ${apiKey} | rollcall store add demo --directory jumpcloud --api-key-stdin`,
    ]);
    await stopped;
  } finally {
    await simulator.close();
  }
}

async function writeKey(path: string, key: string): Promise<void> {
  try {
    await writeFile(path, `${key}\n`, { mode: 0o600 });
  } catch (error) {
    throw new InvalidInput(`The key can't be written to ${path}: ${messageOf(error)}.`, {
      cause: error,
      hint: 'Name a file in a folder that may be written.',
    });
  }
}

/** A client can't connect to "all addresses"; this machine's own is among them. */
function reachableUrl(url: string): string {
  return url.replace(/^http:\/\/(0\.0\.0\.0|\[::\])(?=:)/, 'http://127.0.0.1');
}

async function start(options: SimulatorOptions): Promise<Simulator> {
  try {
    return await startSimulator(options);
  } catch (error) {
    if (error instanceof Refused) {
      throw new InvalidInput(error.message, {
        cause: error,
        hint: 'See all faults with: rollcall simulator --help',
      });
    }
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new InvalidInput(
      `Port ${options.port} ${code === 'EACCES' ? 'may not be listened on' : 'is taken'}.`,
      { cause: error, hint: 'Choose another --port; 0 takes any free one.' },
    );
  }
}
