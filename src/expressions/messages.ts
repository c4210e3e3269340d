import type { ExpressionResult } from '../core/mapping/expression.ts';

/** A user by its place on the page, and an expression by its place in the list. */
export type Todo = readonly [at: number, index: number];

/** Users are JSON texts of what expressions read; the child parses one at a time. */
export interface Page {
  readonly users: readonly string[];
  readonly todo: readonly Todo[];
}

export type ParentMessage = { readonly texts: readonly string[] } | Page;

/** A result as JSON can say it. */
type Packed = ExpressionResult | { readonly notFinite: string };

export type ChildMessage = 'ready' | Packed;

/** Transforms may shorten a text, so it may be longer than a member's field. */
const mostText = 65_536;
/** Lists and objects are no values of members; short ones are shown to people. */
const mostListed = 4096;

/** Makes a result small enough to send. */
export function pack(result: ExpressionResult): Packed {
  if ('problem' in result) return result;
  const { value } = result;
  if (typeof value === 'number' && !Number.isFinite(value)) return { notFinite: String(value) };
  if (typeof value === 'string' && value.length > mostText) {
    return { problem: `the expression gives a text of more than ${mostText} characters` };
  }
  if (typeof value === 'function') return { value: {} };
  if (typeof value !== 'object' || value === null || isShort(value)) return { value };
  return { value: Array.isArray(value) ? [] : {} };
}

function isShort(value: object): boolean {
  try {
    return JSON.stringify(value).length <= mostListed;
  } catch {
    // It contains itself, or is nested too deep.
    return false;
  }
}

export function unpack(packed: Packed): ExpressionResult {
  if ('notFinite' in packed) return { value: Number(packed.notFinite) };
  // JSON leaves out what is undefined.
  return 'problem' in packed ? packed : { value: packed.value };
}
