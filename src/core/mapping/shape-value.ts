import { isExact, notExact } from '../custom-attributes.ts';
import { describeControl } from '../hidden-characters.ts';
import { isBlank } from './attribute-path.ts';
import type { Transform } from './transforms.ts';

/** A member field's value, null for blank; or why it can't be set. */
export type Outcome = string | null | { readonly problem: string };

/** Longer than any source's attribute (JumpCloud: 1024), and short enough for an index or a page. */
const maxLength = 4096;

/** Makes a member field's value from the value of a source or an expression. `fallback` replaces a blank. */
export function shapeValue(given: {
  readonly raw: unknown;
  readonly steps: readonly Transform[];
  readonly fallback: string | null;
}): Outcome {
  const text = toText(given.raw);
  if (typeof text !== 'string') return text;
  const shaped = given.steps.reduce((current, step) => step(current), text);
  if (shaped.length > maxLength) return { problem: `is longer than ${maxLength} characters` };
  // A database can't store these unchanged, so each run would find a difference again.
  if (/[\0\p{Surrogate}]/u.test(shaped)) return { problem: 'holds a character that is not text' };
  const control = describeControl(shaped);
  if (control !== null) return { problem: `has ${control}` };
  return shaped === '' ? given.fallback : shaped;
}

function toText(raw: unknown): string | { readonly problem: string } {
  if (isBlank(raw)) return '';
  if (typeof raw === 'string') return raw;
  if (typeof raw === 'boolean') return String(raw);
  if (typeof raw === 'number') {
    if (!Number.isFinite(raw)) return { problem: 'is not a finite number' };
    return isExact(raw) ? String(raw) : { problem: notExact };
  }
  const kind = Array.isArray(raw) ? 'a list' : 'an object';
  return { problem: `is ${kind}, not a single value` };
}
