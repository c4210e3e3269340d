import { parseArgs } from 'node:util';
import { InvalidInput } from '../../src/core/errors.ts';

export const USAGE = `npm run services -- up | down | status | run -- COMMAND…   [--instance NAME] [--keep]

  up      starts a private Redis and MongoDB (or finds them running) and prints where they are
  down    stops them; their data stay for the next up
  status  says whether they run
  run     starts them, runs COMMAND with MONGODB_URI and REDIS_URL set, and stops them in any case

  --instance NAME  up, down, status: which one (default: dev). run: use this one, with the data it has;
                   without a name, run takes one of its own with fresh data and throws the data away
  --keep           run without a name: go on with the data of the last run, and leave them`;

/** What a person asked for. */
export type Request =
  | { readonly command: 'up' | 'down' | 'status'; readonly instance: string }
  | {
      readonly command: 'run';
      /** Undefined: an instance of its own. */
      readonly instance: string | undefined;
      readonly keep: boolean;
      readonly words: readonly [string, ...string[]];
    }
  | { readonly command: 'help' };

/** Reads the command line. Throws InvalidInput. */
export function parseRequestedCommand(argv: readonly string[]): Request {
  const separator = argv.indexOf('--');
  const own = separator < 0 ? argv : argv.slice(0, separator);
  const [program, ...rest] = separator < 0 ? [] : argv.slice(separator + 1);
  const { values, positionals } = parseOptions(own);
  const [command, ...others] = positionals;
  if (values.help === true || command === 'help') return { command: 'help' };
  if (others.length > 0) throw refuse(`'${others.join(' ')}' is one word too many`);
  if (values.instance !== undefined && !/^[a-z0-9][a-z0-9-]{0,30}$/.test(values.instance)) {
    throw refuse(`'${values.instance}' is no instance name: small letters, digits and hyphens`);
  }
  if (command === 'run') {
    if (program === undefined) throw refuse('run needs a command after --');
    const keep = values.keep === true;
    if (keep && values.instance !== undefined)
      throw refuse('a named instance keeps its data anyway');
    return { command, instance: values.instance, keep, words: [program, ...rest] };
  }
  if (command !== 'up' && command !== 'down' && command !== 'status') {
    throw refuse(command === undefined ? 'a command is missing' : `'${command}' is no command`);
  }
  if (values.keep === true) throw refuse('--keep belongs to run');
  return { command, instance: values.instance ?? 'dev' };
}

function parseOptions(own: readonly string[]) {
  try {
    return parseArgs({
      args: [...own],
      allowPositionals: true,
      options: {
        instance: { type: 'string' },
        keep: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

const refuse = (message: string): InvalidInput => new InvalidInput(message, { hint: USAGE });
