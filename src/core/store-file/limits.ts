import * as z from 'zod';
import { longestTimeZone } from '../schedule/check-time-zone.ts';

/** The longest text of each kind, and the most entries of a list, that a store file may have. */
export const limits = {
  /** The name of an attribute or a group, or the path of an attribute. */
  name: 1024,
  /** A value of a member's field: no longer one can be stored. */
  value: 4096,
  expression: 4096,
  pattern: 10_000,
  cron: 500,
  timezone: longestTimeZone,
  /** A duration such as `24h`, or the name of a transform. */
  word: 32,
  /** The name of a member's field or of another key. */
  key: 100,
  fields: 500,
  transforms: 20,
  conditions: 500,
  /** The groups of one condition. */
  groups: 500,
  /** The values of one condition. */
  values: 10_000,
} as const;

/** The `error` of a schema's maximum. */
export const atMost = (most: number, what: 'characters' | 'entries' | 'keys') => ({
  error: ({ input }: { readonly input?: unknown }) =>
    `has ${sizeOf(input)} ${what}; at most ${most} are possible`,
});

function sizeOf(input: unknown): number {
  if (typeof input === 'string' || Array.isArray(input)) return input.length;
  return typeof input === 'object' && input !== null ? Object.keys(input).length : 0;
}

/** An object whose keys are chosen by its author, such as the fields of a mapping. */
export function namedValues<Value extends z.ZodType>(value: Value) {
  return z
    .record(z.string().max(limits.key), value, {
      error: ({ code }) =>
        code === 'invalid_key' ? `a key is longer than ${limits.key} characters` : undefined,
    })
    .refine((given) => Object.keys(given).length <= limits.fields, atMost(limits.fields, 'keys'))
    .meta({ maxProperties: limits.fields });
}
