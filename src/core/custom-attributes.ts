import { isBlank } from './mapping/attribute-path.ts';
import type { SourceUser } from './model/source-user.ts';
import { nameKey } from './same-name.ts';

/**
 * The custom attributes of a user by their names, as `nameKey` compares them. A number, true and false become text.
 * Different values under one name become a list, which is not a single value: it can't be told which one is right.
 */
export function collectCustom(
  entries: Iterable<readonly [name: string, value: unknown]>,
): SourceUser['custom'] {
  const found = new Map<string, unknown[]>();
  for (const [name, value] of entries) {
    if (isBlank(value) || (Array.isArray(value) && value.length === 0)) continue;
    const text = toText(value);
    const others = found.get(nameKey(name)) ?? [];
    if (!others.some((other) => JSON.stringify(other) === JSON.stringify(text))) others.push(text);
    found.set(nameKey(name), others);
  }
  return Object.fromEntries(
    [...found].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

/** A number that JSON can't hold exactly stays a number, so that whatever reads it refuses it. */
function toText(value: unknown): unknown {
  return typeof value === 'boolean' || (typeof value === 'number' && isExact(value))
    ? String(value)
    : value;
}

/** Whether a number is surely the one that was written: JSON reads 12345678901234567891 as …567000. */
export function isExact(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
}

export const notExact = 'is a number with too many digits to be read exactly';

/** The value of a custom attribute; undefined when it is blank. */
export function customValue({ custom, customIsUnreadable }: SourceUser, name: string): unknown {
  if (customIsUnreadable) return custom;
  const key = nameKey(name);
  return Object.hasOwn(custom, key) ? custom[key] : undefined;
}
