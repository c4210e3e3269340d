import { InvalidInput } from '../errors.ts';

/*
 * A running regular expression can't be interrupted, and one that can match a text in very many
 * ways may take years to find that it doesn't match. So a repeated group must not contain a choice
 * itself: "(a+)+" and "(a|b)*" are refused. The number of ways then follows from the choices and
 * the length.
 */

/** The choices that a pattern has. */
interface Choices {
  /** `*`, `+`, `{2,}`: how often to repeat. */
  readonly repeats: number;
  /** `?`, `|`: one way or the other. */
  readonly alternatives: number;
}

/** About a second of backtracking. */
const maxWays = 1e8;

/** The parts of a pattern; the first that fits counts. */
const part = new RegExp(
  [
    /(?<reference>\\(?:k<|[1-9]))/,
    /\\./,
    /\[(?:\\.|[^\]\\])*\]/,
    /(?<open>\((?:\?(?:<?[=!]|:|<\w+>))?)/,
    /(?<close>\))/,
    /(?<pipe>\|)/,
    /(?<many>[*+]|\{\d+,\d*\})/,
    /(?<times>\{\d+\})/,
    /(?<optional>\?)/,
    /./,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gsu',
);

/** Refuses a regular expression that could take for ever; `InvalidInput` names the part. */
export function guardRegex(regex: RegExp): void {
  choicesOf(regex.source);
}

/** Whether matching `text` is sure to end soon. */
export function endsSoon(regex: RegExp, text: string): boolean {
  const { repeats, alternatives } = choicesOf(regex.source);
  const anchored = regex.source.startsWith('^') && !regex.source.includes('|') && !regex.multiline;
  const places = anchored ? repeats : repeats + 1;
  let ways = 2 ** alternatives;
  // The ways to spread a text over so many places: "text.length + places choose places".
  for (let place = 1; place <= places; place += 1) ways *= (text.length + place) / place;
  return ways <= maxWays;
}

function choicesOf(source: string): Choices {
  let repeats = 0;
  let alternatives = 0;
  /** For each open group, how many choices there were before it. */
  const open: number[] = [];
  /** How many choices there were before the part just read. */
  let before = 0;
  let lazy = false;
  for (const { groups = {}, index } of source.matchAll(part)) {
    const choices = repeats + alternatives;
    const repeated = groups['many'] ?? groups['times'];
    if (groups['reference'] !== undefined) {
      throw refusal(source, index, 'refers back to what it matched');
    }
    if (repeated !== undefined) {
      if (choices > before)
        throw refusal(source, index, 'repeats a part that itself repeats or offers a choice');
      if (groups['many'] !== undefined) repeats += 1;
    } else if (groups['optional'] !== undefined) {
      // After a repeat it makes that one lazy; it adds no choice.
      if (!lazy) alternatives += 1;
    } else if (groups['open'] !== undefined) {
      open.push(choices);
    } else if (groups['pipe'] !== undefined) {
      alternatives += 1;
    }
    lazy = repeated !== undefined || (groups['optional'] !== undefined && !lazy);
    if (groups['close'] !== undefined) before = open.pop() ?? 0;
    else if (repeated === undefined && groups['optional'] === undefined) before = choices;
  }
  return { repeats, alternatives };
}

function refusal(source: string, index: number, why: string): InvalidInput {
  return new InvalidInput(
    `the regular expression /${source}/ could take for ever: at column ${index + 1} it ${why}; write it without that`,
  );
}
