import { type CompletedCommand, quoted } from './read-commands.ts';

/** A script that completes command lines in zsh. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const paths = commands.filter(({ at }) => at !== '').map(({ at }) => quoted(at));
  const values = commands.flatMap(({ at, options }) =>
    options.flatMap(({ flags, values: choices }) => {
      if (choices === null) return [];
      const patterns = flags.map((flag) => quoted(`${at} ${flag}`)).join('|');
      return [`    ${patterns}) ${valuesOf(choices)}; return;;`];
    }),
  );
  const cases = commands.map(({ at, words, options }) => {
    const flags = options.flatMap((option) =>
      option.flags.map((flag) => item(flag, option.summary)),
    );
    const own = words.map(({ word, summary }) => item(word, summary));
    const rest = own.length === 0 ? '' : ` ${described('command', own)};`;
    return `    ${quoted(at)}) if [[ $PREFIX == -* ]]; then ${described('option', flags)}; else${rest || ' :;'} fi;;`;
  });
  return `#compdef rollcall
# Completion of rollcall for zsh. Load it with: source <(rollcall completion zsh)
_rollcall() {
  local at='' i
  local -a items
  for ((i = 2; i < CURRENT; i++)); do
    case "$at $words[i]" in
      ${paths.join('|')}) at="$at $words[i]";;
    esac
  done
  case "$at $words[CURRENT-1]" in
${values.join('\n')}
  esac
  case "$at" in
${cases.join('\n')}
  esac
}
# As a file of $fpath it is this function; sourced, it only announces it.
if [[ $funcstack[1] == _rollcall ]]; then _rollcall; else compdef _rollcall rollcall; fi
`;
}

function valuesOf(choices: readonly string[] | 'files'): string {
  if (choices === 'files') return '_files';
  return choices.length === 0 ? ':' : described('value', choices.map(plain));
}

function plain(word: string): string {
  return item(word, '');
}

/** A colon parts a word from its summary. */
function item(word: string, summary: string): string {
  const name = word.replaceAll(':', String.raw`\:`);
  return quoted(summary === '' ? name : `${name}:${summary}`);
}

function described(what: string, items: readonly string[]): string {
  return `items=(${items.join(' ')}); _describe ${what} items`;
}
