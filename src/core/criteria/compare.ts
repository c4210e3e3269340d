import { isExact, notExact } from '../custom-attributes.ts';
import type { ConditionValue } from '../model/store-config.ts';
import type { Truth } from './truth.ts';

/**
 * A number, or an instant read from an ISO 8601 date or date and time (without a zone: UTC). Only
 * two of the same kind have an order.
 */
interface Ordered {
  readonly kind: 'number' | 'time';
  readonly amount: number;
}

const isoTime =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}(?:\.\d{1,9})?))?(Z|[+-]\d{2}:\d{2})?)?$/i;

/** Reads a value that has an order; null for anything else. */
export function orderedFrom(value: unknown): Ordered | null {
  if (typeof value === 'number') return { kind: 'number', amount: value };
  if (typeof value !== 'string') return null;
  if (/^[+-]?\d+(?:\.\d+)?$/.test(value)) return { kind: 'number', amount: Number(value) };
  const [, date, time = '00:00', seconds = '00', zone = 'Z'] = isoTime.exec(value) ?? [];
  if (date === undefined) return null;
  const amount = Date.parse(`${date}T${time}:${seconds}${zone.toUpperCase()}`);
  // Date.parse reads 31 February as 3 March.
  const exists = new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) ?? false;
  return exists && !Number.isNaN(amount) ? { kind: 'time', amount } : null;
}

/** The text by which values are compared: `5` equals `"5"`, `true` equals `"true"`; null for what has none. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.normalize('NFC');
  if (typeof value === 'number') return isExact(value) ? String(value) : null;
  return typeof value === 'boolean' ? String(value) : null;
}

/** The texts of the values that a condition names. */
export function textsOf(values: readonly ConditionValue[]): readonly string[] {
  return values.map((value) => textOf(value) ?? '');
}

/** The kind of a value, in words for people. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'a text';
  return `a ${typeof value}`;
}

/** Whether `test` holds for the text of `value`; unknown for a list, an object or a number that is not exact. */
export function testText(value: unknown, test: (text: string) => boolean): Truth {
  const text = textOf(value);
  if (text !== null) return test(text);
  return {
    unknown: typeof value === 'number' ? notExact : `is ${kindOf(value)}, not a single value`,
  };
}

/** Whether `value` is greater (`sign` 1) or less (`sign` -1) than `limit`. */
export function testOrder(value: unknown, limit: Ordered, sign: 1 | -1): Truth {
  const actual = orderedFrom(value);
  if (actual?.kind === limit.kind) return Math.sign(actual.amount - limit.amount) === sign;
  return {
    unknown: `is ${kindOf(value)} that is not a ${limit.kind === 'number' ? 'number' : 'date or time'}`,
  };
}
