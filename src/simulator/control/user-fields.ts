import { didYouMean } from '../../core/suggest.ts';
import type { UserFields } from '../directory/system-user.ts';
import { Refused } from '../refused.ts';

type Kind =
  | 'text'
  | 'absentable text'
  | 'flag'
  | 'state'
  | 'addresses'
  | 'phone numbers'
  | 'attributes';

/** The fields that a script may set, and their types. */
const kinds: { readonly [Field in keyof UserFields]: Kind } = {
  account_locked: 'flag',
  activated: 'flag',
  addresses: 'addresses',
  alternateEmail: 'absentable text',
  attributes: 'attributes',
  company: 'absentable text',
  costCenter: 'absentable text',
  department: 'absentable text',
  description: 'absentable text',
  displayname: 'absentable text',
  email: 'text',
  employeeIdentifier: 'absentable text',
  employeeType: 'absentable text',
  firstname: 'absentable text',
  jobTitle: 'absentable text',
  lastname: 'absentable text',
  location: 'absentable text',
  manager: 'absentable text',
  middlename: 'absentable text',
  password_expired: 'flag',
  phoneNumbers: 'phone numbers',
  state: 'state',
  suspended: 'flag',
  username: 'text',
};

const itemKeys = {
  addresses: [
    'id',
    'type',
    'streetAddress',
    'extendedAddress',
    'poBox',
    'locality',
    'region',
    'postalCode',
    'country',
  ],
  'phone numbers': ['id', 'type', 'number'],
  attributes: ['name', 'value'],
} as const;

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
    case 'addresses':
    case 'phone numbers':
    case 'attributes':
      return readItems(name, { value, keys: itemKeys[kind] });
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
