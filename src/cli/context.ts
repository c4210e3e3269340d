import { type Command, Option } from 'commander';
import { InvalidInput } from '../core/errors.ts';
import type { Actor } from '../core/model/audit.ts';
import { didYouMean } from '../core/suggest.ts';
import type { CliDependencies, Opened, OpenedDatabase } from './dependencies.ts';
import type { Output } from './terminal/output.ts';

/** What every command gets. */
export interface Context {
  readonly deps: CliDependencies;
  readonly output: Output;
  /** The actor, as stores, runs and the audit store it. */
  readonly actor: Actor;
  /** Ends the command with an exit code other than 0. */
  setExitCode(code: number): void;
}

/** What a command works with while it is connected to the database. */
export interface ConnectedToDatabase extends Pick<OpenedDatabase, 'ports' | 'publicUrl'> {
  readonly context: Context;
}

/** What a command works with while it is connected to the database and the queue. */
export interface Connected extends Pick<Opened, 'ports' | 'publicUrl'> {
  readonly context: Context;
}

/** Connects to the database and the queue, does `work`, and disconnects however it went. */
export async function withPorts(
  context: Context,
  work: (connected: Connected) => Promise<void>,
): Promise<void> {
  const opened = await context.deps.open();
  try {
    await work({ ...opened, context });
  } finally {
    await opened.close();
  }
}

/** The same with the database alone, for commands that give no work to workers. */
export async function withDatabase(
  context: Context,
  work: (connected: ConnectedToDatabase) => Promise<void>,
): Promise<void> {
  const opened = await context.deps.openDatabase();
  try {
    await work({ ...opened, context });
  } finally {
    await opened.close();
  }
}

/** Adds a subcommand with the common options: `--json`, and examples beneath its help. */
export function addCommand(
  parent: Command,
  {
    usage,
    summary,
    examples,
  }: { readonly usage: string; readonly summary: string; readonly examples: readonly string[] },
): Command {
  return parent
    .command(usage)
    .description(summary)
    .option('--json', 'print one JSON document on standard output')
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`);
}

/** An option that takes one of a few words, and lists them when it gets another. */
export function choiceOption(
  flags: string,
  description: string,
  choices: readonly string[],
): Option {
  return new Option(flags, description)
    .choices(choices)
    .argParser((value: string) => readChoice(flags.split(' ')[0] ?? flags, value, choices));
}

/** `value` if it is one of `choices`; `InvalidInput` with a suggestion otherwise. */
export function readChoice<T extends string>(
  what: string,
  value: string,
  choices: readonly T[],
): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new InvalidInput(`${what} can't be ${JSON.stringify(value)}.`, {
    hint: `It is one of: ${choices.join(', ')}.${didYouMean(value, choices)}`,
  });
}
