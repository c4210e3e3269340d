import { Command, CommanderError } from 'commander';
import { hintOf, InvalidInput, messageOf } from '../core/errors.ts';
import { version } from '../core/version.ts';
import type { Context } from './context.ts';
import type { CliDependencies } from './dependencies.ts';
import { outcomeOf } from './exit.ts';
import { Output, ReaderGone } from './terminal/output.ts';
import { refuseSecretArguments } from './terminal/secrets.ts';

type AddCommand = (program: Command, context: Context) => void | Promise<void>;

/** The commands in the order of the help. Only the one that was called is loaded. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  store: async () => (await import('./commands/store.ts')).addStore,
  sync: async () => (await import('./commands/sync.ts')).addSync,
  runs: async () => (await import('./commands/runs.ts')).addRuns,
  members: async () => (await import('./commands/members.ts')).addMembers,
  groups: async () => (await import('./commands/groups.ts')).addGroups,
  alerts: async () => (await import('./commands/alerts.ts')).addAlerts,
  mail: async () => (await import('./commands/mail.ts')).addMail,
  domains: async () => (await import('./commands/domains.ts')).addDomains,
  token: async () => (await import('./commands/token.ts')).addToken,
  secrets: async () => (await import('./commands/secrets.ts')).addSecrets,
  audit: async () => (await import('./commands/audit.ts')).addAudit,
  serve: async () => (await import('./commands/serve.ts')).addServe,
  simulator: async () => (await import('./commands/simulator.ts')).addSimulator,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  completion: async () => (await import('./commands/completion.ts')).addCompletion,
};

/** The commands that these arguments may be about: all when they name none (help, a misspelt name), or are about all. */
function commandsFor([first = '']: readonly string[]): readonly (() => Promise<AddCommand>)[] {
  if (first === '--version') return [];
  if (first === 'completion') return Object.values(commands);
  const called = Object.hasOwn(commands, first) ? commands[first] : undefined;
  return called === undefined ? Object.values(commands) : [called];
}

/**
 * Runs one command line (without `node` and the script) and returns its exit code. Never throws;
 * all output is written when it resolves.
 */
export async function runCli(args: readonly string[], deps: CliDependencies): Promise<number> {
  const json = beforeDashes(args).includes('--json');
  const output = new Output(deps, { json });
  let exitCode = 0;
  const context: Context = {
    deps,
    output,
    actor: { by: `cli:${deps.userName}`, from: deps.hostName },
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  try {
    await parse(args, context);
    return exitCode;
  } catch (error) {
    if (error instanceof ReaderGone) return exitCode;
    return reportError(error, context);
  }
}

function beforeDashes(args: readonly string[]): readonly string[] {
  const dashes = args.indexOf('--');
  return dashes === -1 ? args : args.slice(0, dashes);
}

/** Help goes to standard output when it was asked for, and to standard error when a command was incomplete. */
async function parse(args: readonly string[], context: Context): Promise<void> {
  refuseSecretArguments(beforeDashes(args));
  let help = '';
  const program = createProgram((text) => {
    help += text;
  });
  for (const load of commandsFor(args)) {
    const addTo = await load();
    await addTo(program, context);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return context.output.write(help);
    throw usageError(error, help);
  }
}

function createProgram(collectHelp: (text: string) => void): Command {
  return new Command('rollcall')
    .description("Keeps an organization's members true to its JumpCloud directory.")
    .version(version, '--version', 'print the version')
    .option('--json', 'print one JSON document on standard output')
    .exitOverride()
    .configureOutput({ writeOut: collectHelp, writeErr: collectHelp, outputError: () => undefined })
    .addHelpText('after', '\nHelp for one command:\n  $ rollcall store add --help');
}

/** The message of commander about a wrong command line, without the values of options it doesn't know. */
function usageError(error: CommanderError, help: string): InvalidInput {
  if (error.code === 'commander.help') {
    return new InvalidInput('A command is missing.', { hint: help.trimEnd() });
  }
  const [what = '', ...suggestions] = error.message.split('\n');
  const message = what
    .replace(/^error: /, '')
    .replace(/^(unknown option '--[^=']*)=.*$/, "$1'")
    .replace(/^(unknown option '-[^-']).+$/, "$1'");
  const hint = suggestions.join(' ').replace(/^\((.*)\)$/, '$1');
  return new InvalidInput(`${message.charAt(0).toUpperCase()}${message.slice(1)}`, {
    hint: hint === '' ? 'See what there is with --help.' : hint,
  });
}

/** Prints an error for people, and for scripts when nothing has been printed yet. */
async function reportError(error: unknown, { deps, output }: Context): Promise<number> {
  const { exitCode, code } = outcomeOf(error);
  const message = messageOf(error);
  const hint = hintOf(error) ?? null;
  output.note(message);
  if (hint !== null) output.note(hint);
  if (code === 'bug') reportBug(error, deps, output);
  if (output.json && !output.hasAnswered) {
    try {
      await output.answer({ error: { code, message, hint } }, () => []);
    } catch (failure) {
      if (!(failure instanceof ReaderGone)) throw failure;
    }
  }
  return exitCode;
}

function reportBug(error: unknown, { env }: CliDependencies, output: Output): void {
  const detailed = env['LOG_LEVEL'] === 'debug' || env['LOG_LEVEL'] === 'trace';
  if (detailed && error instanceof Error) output.note(error.stack ?? '');
  else output.note('This is a bug of Rollcall. LOG_LEVEL=debug shows where it happened.');
}
