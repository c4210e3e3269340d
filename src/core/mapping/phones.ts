import type { FieldName } from '../model/fields.ts';
import { isObject, type JsonObject } from '../model/source-user.ts';
import { isBlank } from './attribute-path.ts';

/** The number that a member field takes; undefined when there is none. */
type FindNumber = (phones: readonly JsonObject[]) => unknown;

/**
 * Directories name the types of phones differently, and some phones have none. The rules of the default mapping find
 * them too; every other rule finds what its path says.
 */
const finders: ReadonlyMap<string, FindNumber> = new Map([
  ['phone phoneNumbers[type=work].number', findWork],
  [
    'mobile phoneNumbers[type=mobile].number',
    (phones) =>
      phones.find((phone) => ['mobile', 'work_mobile'].includes(typeOf(phone)))?.['number'],
  ],
]);

/** How a field reads a phone by the rule of the default mapping; undefined for any other rule. */
export function phoneReader(
  field: FieldName,
  attribute: string,
): ((record: JsonObject) => unknown) | undefined {
  const find = finders.get(`${field} ${attribute}`);
  return find && (({ phoneNumbers }) => find(phonesIn(phoneNumbers)));
}

/** The phone at work, else the only one without a type. */
function findWork(phones: readonly JsonObject[]): unknown {
  const work = phones.find((phone) => typeOf(phone) === 'work');
  const [untyped, another] = phones.filter((phone) => typeOf(phone) === '');
  return (work ?? (another === undefined ? untyped : undefined))?.['number'];
}

function phonesIn(phoneNumbers: unknown): readonly JsonObject[] {
  return [phoneNumbers]
    .flat()
    .filter(isObject)
    .filter((phone) => !isBlank(phone['number']));
}

function typeOf({ type }: JsonObject): string {
  return isBlank(type) ? '' : String(type).toLowerCase();
}
