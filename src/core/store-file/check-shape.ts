import * as z from 'zod';
import { InvalidInput } from '../errors.ts';
import { didYouMean } from '../suggest.ts';

const longestQuote = 100;

/** An object with these keys and no others. */
export function keyed<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys')
        return expected(`keys (${Object.keys(shape).join(', ')})`)(issue);
      // A line for each key; `complaintsOf` puts the path before them.
      return issue.keys
        .map((key) => `${cut(key)}: ${noSuchKey(key, Object.keys(shape))}`)
        .join('\n');
    },
  });
}

/** Describes what was expected and what was found instead, for the `error` of a zod schema. */
export function expected(wanted: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) =>
    `expected ${wanted}, ${input === undefined ? 'but it is missing' : `found ${show(input)}`}`;
}

/** Describes a choice among `options`, with a suggestion, for the `error` of a zod schema. */
export function oneOf(options: readonly string[]): (issue: { readonly input?: unknown }) => string {
  return (issue) => {
    const hint = typeof issue.input === 'string' ? didYouMean(issue.input, options) : '';
    return `${expected(`one of ${options.join(', ')}`)(issue)}${hint && `.${hint}`}`;
  };
}

/** Reads `value`; `InvalidInput` with a line for everything that is wrong, each led by its path. */
export function checkShape<Shape extends z.ZodType>(
  schema: Shape,
  at: { readonly where: string; readonly value: unknown },
): z.output<Shape> {
  const result = schema.safeParse(at.value);
  if (result.success) return result.data;
  throw new InvalidInput(
    result.error.issues.flatMap((issue) => complaintsOf(issue, at.where)).join('\n'),
  );
}

/**
 * Reads an object of one of several kinds, each identified by a key that only it has, such as a
 * rule with `attribute` or `value`.
 */
export function checkKind<Kinds extends Readonly<Record<string, z.ZodObject>>>(
  kinds: Kinds,
  at: { readonly where: string; readonly value: unknown },
): z.output<Kinds[keyof Kinds]> {
  const names = Object.keys(kinds);
  const keys = typeof at.value === 'object' && at.value !== null ? Object.keys(at.value) : [];
  const [kind, another] = names.filter((name) => keys.includes(name));
  const schema = another === undefined && kind !== undefined ? kinds[kind] : undefined;
  if (schema !== undefined) return checkShape(schema, at) as z.output<Kinds[keyof Kinds]>;
  const known = names.flatMap((name) => Object.keys(kinds[name]?.shape ?? {}));
  const unknown = keys.filter((key) => !known.includes(key));
  const found = another === undefined ? show(at.value) : `${kind} and ${another}`;
  throw new InvalidInput(
    [
      ...unknown.map((key) => `${at.where}.${cut(key)}: ${noSuchKey(key, known)}`),
      `${at.where}: expected one of the keys ${names.join(', ')}, found ${found}`,
    ].join('\n'),
  );
}

/** Says that a key is unknown, and suggests the closest known one. */
export function noSuchKey(key: string, known: readonly string[]): string {
  return `no such key.${didYouMean(key, known) || ` There are ${[...new Set(known)].join(', ')}.`}`;
}

function complaintsOf(issue: z.core.$ZodIssue, where: string): readonly string[] {
  const path = issue.path.reduce<string>(
    (before, key) =>
      typeof key === 'number' ? `${before}[${key}]` : `${before}.${cut(String(key))}`,
    where,
  );
  const separator = issue.code === 'unrecognized_keys' ? '.' : ': ';
  return issue.message.split('\n').map((line) => `${path}${separator}${line}`);
}

function show(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return cut(Object.keys(value).join(', ')) || 'no keys';
  return cut(JSON.stringify(value) ?? typeof value);
}

/** A complaint repeats no more than the beginning of a long text. */
export function cut(text: string): string {
  return text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
}
