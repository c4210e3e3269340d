import type { CommandOption, CompletedCommand } from './read-commands.ts';

/** A script that completes command lines in fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const paths = commands.filter(({ at }) => at !== '').map(({ at }) => quoted(at));
  const lines = commands.flatMap(({ at, words, options }) => {
    const here = `complete -c rollcall -n ${quoted(`__rollcall_at ${quoted(at)}`)}`;
    return [
      ...words.map(({ word, summary }) => `${here} -f -a ${quoted(word)}${describedAs(summary)}`),
      ...options.map((option) => `${here}${optionParts(option)}`),
    ];
  });
  return `# Completion of rollcall for fish. Load it with: rollcall completion fish | source
set -g __rollcall_commands ${paths.join(' ')}
function __rollcall_at
  set -l at ''
  for word in (commandline -opc)
    if contains -- "$at $word" $__rollcall_commands
      set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
complete -c rollcall -f
${lines.join('\n')}
`;
}

function optionParts({ flags, summary, values }: CommandOption): string {
  const names = flags.map((flag) =>
    flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`,
  );
  return `${names.join('')}${takes(values)}${describedAs(summary)}`;
}

function takes(values: CommandOption['values']): string {
  if (values === null) return '';
  if (values === 'files') return ' -r -F';
  return values.length === 0 ? ' -x' : ` -x -a ${quoted(values.join(' '))}`;
}

function describedAs(summary: string): string {
  return summary === '' ? '' : ` -d ${quoted(summary)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
