import { parseArgs } from 'node:util';
import { InvalidInput } from './errors.ts';
import { isServiceName, type ServiceName } from './instance.ts';

export const USAGE = `npm run services -- up | down | kill | status | run -- COMMAND…   [--instance NAME] [--keep]

  up      starts a private Redis and MongoDB (or finds them running) and prints where they are
  down    stops them; their data stay for the next up, unless --delete-data is given
  kill    redis | database: ends one of the two, to see what happens without it; up starts it again
  status  says whether they run
  run     starts them, runs COMMAND with MONGODB_URI and REDIS_URL set, and stops them in any case

  --instance NAME  up, down, kill, status: which one (default: dev). run: use this one, with the data it has;
                   without a name, run takes one of its own with fresh data and throws the data away
  --delete-data    down: delete their data too
  --keep           run without a name: go on with the data of the last run, and leave them`;

/** The requested command. */
export type Request =
  | { readonly command: 'up' | 'status'; readonly instance: string }
  | { readonly command: 'down'; readonly instance: string; readonly isDataDeleted: boolean }
  | { readonly command: 'kill'; readonly instance: string; readonly service: ServiceName }
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
  if (command === 'kill') return { command, ...readVictim(others), ...instanceIn(values) };
  if (others.length > 0) throw refuse(`'${others.join(' ')}' is one word too many`);
  const { instance } = instanceIn(values);
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
  const isDataDeleted = values['delete-data'] === true;
  if (command === 'down') return { command, instance, isDataDeleted };
  if (isDataDeleted) throw refuse('--delete-data belongs to down');
  return { command, instance };
}

function readVictim(words: readonly string[]): { readonly service: ServiceName } {
  const [service, ...others] = words;
  if (others.length === 0 && isServiceName(service)) return { service };
  throw refuse('kill needs one word: redis or database');
}

function instanceIn({ instance = 'dev' }: { readonly instance?: string | undefined }): {
  readonly instance: string;
} {
  if (/^[a-z0-9][a-z0-9-]{0,30}$/.test(instance)) return { instance };
  throw refuse(`'${instance}' is no instance name: small letters, digits and hyphens`);
}

function parseOptions(own: readonly string[]) {
  try {
    return parseArgs({
      args: [...own],
      allowPositionals: true,
      options: {
        instance: { type: 'string' },
        keep: { type: 'boolean' },
        'delete-data': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

const refuse = (message: string): InvalidInput => new InvalidInput(message, { hint: USAGE });
