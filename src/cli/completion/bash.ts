import { type CompletedCommand, quoted } from './read-commands.ts';

/** A script that completes command lines in bash. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const paths = commands.filter(({ at }) => at !== '').map(({ at }) => quoted(at));
  const values = commands.flatMap(({ at, options }) =>
    options.flatMap(({ flags, values: choices }) => {
      if (choices === null) return [];
      const patterns = flags.map((flag) => quoted(`${at} ${flag}`)).join('|');
      const does =
        choices === 'files' ? 'compopt -o default; return' : `words=${quoted(choices.join(' '))}`;
      return [`    ${patterns}) ${does};;`];
    }),
  );
  const words = commands.map(({ at, words: own, options }) => {
    const flags = options.flatMap((option) => option.flags);
    const plain = own.map(({ word }) => word).join(' ');
    return `    ${quoted(at)}) words=${quoted(plain)} flags=${quoted(flags.join(' '))};;`;
  });
  return `# Completion of rollcall for bash. Load it with: source <(rollcall completion bash)
_rollcall() {
  local current=\${COMP_WORDS[COMP_CWORD]} at='' words='' flags='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${paths.join('|')}) at="$at \${COMP_WORDS[i]}";;
    esac
  done
  COMPREPLY=()
  case "$at \${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('\n')}
    *)
      case "$at" in
${words.map((line) => `    ${line}`).join('\n')}
      esac
      if [[ $current == -* ]]; then words=$flags; fi;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _rollcall rollcall
`;
}
