import type { OutputStream } from '../dependencies.ts';

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;
export type Style = keyof typeof codes;

/** Gives text a style, where styles are enabled. */
export type Paint = (style: Style | undefined, text: string) => string;

/** Colour only on a terminal, and only unless the environment disables it (https://no-color.org). */
export function createPaint(
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const wanted = stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return (style, text) =>
    wanted && style !== undefined ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
}
