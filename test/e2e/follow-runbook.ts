import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const root = join(__dirname, '../..');

/** The values of the words in capitals in a runbook. */
type Values = Readonly<Record<string, string>>;
const placeholder =
  /(?<![\w$-])(?:NAME|RUN|GROUP(?:-ID)?|EMAIL|FIELD|PID|(?:SOURCE|OTHER)-ID|(?:STORE-)?KEY-FILE|FILE(?:\.yaml)?)(?![\w-])/g;

/** A block of commands, and the output lines that the runbook states. */
interface Step {
  readonly commands: string;
  readonly sees: readonly string[];
}

interface Followed {
  readonly code: number;
  /** Standard output and error. */
  readonly said: string;
}

/** A runbook that is followed literally: its blocks of commands, in their order. */
export interface Runbook {
  /**
   * Runs the next block; it must end with `exits` (0) and print the lines that the runbook states.
   */
  next(values?: Values, exits?: number): Promise<string>;
  /** Runs the latest block once more, with any result. */
  again(values?: Values): Promise<Followed>;
  /** Fails when some blocks were not followed. */
  end(): void;
}

/** Opens docs/runbooks/NAME.md, to be followed in an installation's environment. */
export async function openRunbook(name: string, env: NodeJS.ProcessEnv): Promise<Runbook> {
  const steps = stepsOf(await readFile(join(root, `docs/runbooks/${name}.md`), 'utf8'));
  let done = 0;
  return {
    async next(values = {}, exits = 0) {
      const step = steps[done];
      if (step === undefined) throw new Error(`${name}.md has only ${steps.length} blocks`);
      done += 1;
      const { code, said } = await run(step.commands, { values, env });
      const place = `block ${done} of ${name}.md`;
      if (code !== exits) throw new Error(`${place} exited ${code}, not ${exits}:\n${said}`);
      assertSeen(step.sees, { values, said, place });
      return said;
    },
    again: (values = {}) => run(steps[done - 1]?.commands ?? '', { values, env }),
    end() {
      if (done < steps.length) throw new Error(`block ${done + 1} of ${name}.md was not followed`);
    },
  };
}

/** Blocks of `sh`, each with the block of `text` that follows it, if one does. */
function stepsOf(markdown: string): readonly Step[] {
  const blocks = markdown.matchAll(/^ *```(\w+)\n([\s\S]*?)^ *```$/gm);
  const steps: Step[] = [];
  for (const [, language = '', body = ''] of blocks) {
    const lines = dedent(body);
    const last = steps.at(-1);
    if (language === 'sh') steps.push({ commands: lines.join('\n'), sees: [] });
    else if (language === 'text' && last !== undefined) {
      steps[steps.length - 1] = { ...last, sees: [...last.sees, ...lines] };
    } else throw new Error(`a block of ${language} is neither commands nor what they say`);
  }
  return steps;
}

function dedent(body: string): readonly string[] {
  const lines = body.replace(/\n$/, '').split('\n');
  const indents = lines.filter((line) => line !== '').map((line) => line.search(/\S/));
  return lines.map((line) => line.slice(Math.min(...indents)));
}

function fill(text: string, values: Values): string {
  return text.replace(placeholder, (word) => {
    const value = values[word];
    if (value === undefined) throw new Error(`no value for ${word} in: ${text}`);
    return value;
  });
}

/** In their order; `…` matches anything, and the space between columns doesn't matter. */
function assertSeen(
  sees: readonly string[],
  {
    values,
    said,
    place,
  }: { readonly values: Values; readonly said: string; readonly place: string },
): void {
  const lines = said.split('\n').map((line) => line.replace(/\s+/g, ' '));
  let from = 0;
  for (const expected of sees) {
    const parts = fill(expected, values).replace(/\s+/g, ' ').split('…');
    const at = lines.findIndex((line, index) => index >= from && hasInOrder(line, parts));
    if (at === -1) throw new Error(`${place} does not say "${expected}":\n${said}`);
    from = at + 1;
  }
  if (sees.length === 0 && said !== '') throw new Error(`${place} says something:\n${said}`);
}

function hasInOrder(line: string, parts: readonly string[]): boolean {
  let from = 0;
  return parts.every((part) => {
    const at = line.indexOf(part, from);
    from = at + part.length;
    return at !== -1;
  });
}

async function run(
  commands: string,
  { values, env }: { readonly values: Values; readonly env: NodeJS.ProcessEnv },
): Promise<Followed> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', fill(commands, values)], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, said: stripVTControlCharacters(said) };
}
