import type * as errors from './errors.ts';

/** The names of the error classes: in a table by name the compiler misses one that isn't there. */
export type ErrorName = {
  [Name in keyof typeof errors]: (typeof errors)[Name] extends abstract new (
    ...args: never
  ) => Error
    ? Name
    : never;
}[keyof typeof errors];
