import { didYouMean } from '../../core/suggest.ts';
import { absentable, placeKeys, type UserFields } from '../directory/system-user.ts';
import { Refused } from '../refused.ts';

type Kind = 'text' | 'absentable text' | 'flag' | 'state' | readonly string[];

/** The fields that a script may set, and their types; of a list the keys of its items. */
const kinds: { readonly [Field in keyof UserFields]: Kind } = {
  ...Object.fromEntries(absentable.map((name) => [name, 'absentable text' as const])),
  account_locked: 'flag',
  activated: 'flag',
  addresses: ['id', 'type', ...placeKeys],
  attributes: ['name', 'value'],
  email: 'text',
  password_expired: 'flag',
  phoneNumbers: ['id', 'type', 'number'],
  state: 'state',
  suspended: 'flag',
  username: 'text',
};

const states: readonly unknown[] = ['ACTIVATED', 'STAGED', 'SUSPENDED'];

/** Reads fields of a system user from JSON, refusing unknown names and wrong types. Null removes a field. */
export function readUserFields(given: Readonly<Record<string, unknown>>): UserFields {
  const entries = Object.entries(given).map(([name, value]) => [name, readField(name, value)]);
  return Object.fromEntries(entries) as UserFields;
}

function readField(name: string, value: unknown): unknown {
  const kind = Object.hasOwn(kinds, name) ? kinds[name as keyof UserFields] : undefined;
  if (kind === undefined) {
    throw new Refused(
      `A user has no field "${name}" to set.${didYouMean(name, Object.keys(kinds))}`,
    );
  }
  switch (kind) {
    case 'absentable text':
      return value === null ? undefined : readText(name, value);
    case 'text':
      return readText(name, value);
    case 'flag':
      if (typeof value === 'boolean') return value;
      throw new Refused(`"${name}" must be true or false.`);
    case 'state':
      if (states.includes(value)) return value;
      throw new Refused(`"${name}" must be one of ${states.join(', ')}.`);
    default:
      return readItems(name, { value, keys: kind });
  }
}

function readText(name: string, value: unknown): string {
  if (typeof value === 'string' && value.length <= 1024) return value;
  throw new Refused(`"${name}" must be a text of at most 1024 characters.`);
}

function readItems(
  name: string,
  { value, keys }: { readonly value: unknown; readonly keys: readonly string[] },
): readonly Readonly<Record<string, string>>[] {
  if (!Array.isArray(value)) throw new Refused(`"${name}" must be a list.`);
  return value.map((item: unknown) => {
    if (typeof item !== 'object' || item === null) {
      throw new Refused(`"${name}" must be a list of objects with ${keys.join(', ')}.`);
    }
    const entries = Object.entries(item).map(([key, text]): [string, string] => {
      if (!keys.includes(key))
        throw new Refused(`"${name}" has no "${key}".${didYouMean(key, keys)}`);
      return [key, readText(`${name}.${key}`, text)];
    });
    return Object.fromEntries(entries);
  });
}
