import type { Command, Option } from 'commander';

/** A word that can be typed, and what it is for. */
interface Word {
  readonly word: string;
  readonly summary: string;
}

export interface CommandOption {
  /** As they are typed: `-f`, `--file`. */
  readonly flags: readonly string[];
  readonly summary: string;
  /** The values it takes, empty for any; `files`; null when it takes none. */
  readonly values: readonly string[] | 'files' | null;
}

/** A command as it is completed. */
export interface CompletedCommand {
  /** The names that lead to it, each after a space: `""`, `" store"`, `" store add"`. */
  readonly at: string;
  /** Its commands, or the values of its first argument. */
  readonly words: readonly Word[];
  readonly options: readonly CommandOption[];
}

/** The command and all beneath it. */
export function readCommands(command: Command, at = ''): readonly CompletedCommand[] {
  const { commands, registeredArguments, options } = command;
  const choices = registeredArguments[0]?.argChoices ?? [];
  const words = [
    ...commands.map((each) => ({ word: each.name(), summary: each.description() })),
    ...choices.map((word) => ({ word, summary: '' })),
  ];
  const help = { flags: ['--help'], summary: 'show help', values: null };
  return [
    { at, words, options: [...options.map(readOption), help] },
    ...commands.flatMap((each) => readCommands(each, `${at} ${each.name()}`)),
  ];
}

function readOption(option: Option): CommandOption {
  const { short, long, description: summary, required, argChoices = [] } = option;
  const flags = [short, long].filter((flag) => flag !== undefined);
  const takes = option.flags.includes('<file>') ? 'files' : argChoices;
  return { flags, summary, values: required ? takes : null };
}

/** A text as one word of bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
