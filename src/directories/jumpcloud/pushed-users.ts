import { collectCustom } from '../../core/custom-attributes.ts';
import { defined } from '../../core/defined.ts';
import { isBlank } from '../../core/mapping/attribute-path.ts';
import {
  isObject,
  type JsonObject,
  type PushedUsers,
  type SourceUser,
} from '../../core/model/source-user.ts';
import { enterpriseSchema } from '../../core/scim/schemas.ts';

export const pushedUsers: PushedUsers = {
  read: readPushed,
  paths: {
    firstname: 'name.givenName',
    lastname: 'name.familyName',
    displayname: 'displayName',
    jobTitle: 'title',
    employeeType: 'userType',
    department: `${enterpriseSchema}:department`,
    costCenter: `${enterpriseSchema}:costCenter`,
    company: `${enterpriseSchema}:organization`,
    employeeIdentifier: `${enterpriseSchema}:employeeNumber`,
  },
};

/**
 * The attributes get the names of JumpCloud's API, so that one mapping works for both. An attribute without such a
 * name keeps its SCIM name; attributes of other extensions become custom ones.
 */
function readPushed(id: string, resource: JsonObject): SourceUser {
  const custom = customOf(resource);
  const name = objectAt(resource, 'name');
  const enterprise = objectAt(resource, enterpriseSchema);
  const { email, others } = emailsOf(resource);
  const record = {
    ...Object.fromEntries(Object.entries(resource).filter(([key]) => !key.startsWith('urn:'))),
    id,
    email,
    alternateEmail: others[0],
    username: resource['userName'],
    firstname: name['givenName'],
    lastname: name['familyName'],
    middlename: name['middleName'],
    displayname: resource['displayName'] ?? name['formatted'],
    employeeIdentifier: enterprise['employeeNumber'],
    jobTitle: resource['title'],
    employeeType: resource['userType'],
    department: enterprise['department'],
    division: enterprise['division'],
    costCenter: enterprise['costCenter'],
    company: enterprise['organization'],
    manager: objectAt(enterprise, 'manager')['value'],
    phoneNumbers: phonesOf(resource),
    addresses: listAt(resource, 'addresses').map((address) => ({ type: 'work', ...address })),
    attributes: Object.entries(custom).map(([key, value]) => ({ name: key, value })),
  };
  return {
    externalId: id,
    state: resource['active'] === false ? 'SUSPENDED' : 'ACTIVATED',
    orgId: null,
    record: defined(record),
    custom,
  };
}

/** The only phone without a type is the one at work, unless another one is. */
function phonesOf(resource: JsonObject): readonly object[] {
  const phones = listAt(resource, 'phoneNumbers');
  const isOnly = phones.filter(({ type }) => isBlank(type)).length === 1;
  const untyped = isOnly && !phones.some(isForWork) ? 'work' : undefined;
  return phones.map(({ type, value }) =>
    defined({ type: isBlank(type) ? untyped : type, number: value }),
  );
}

function isForWork({ type }: JsonObject): boolean {
  return String(type).toLowerCase() === 'work';
}

/** The primary address, else the one for work, else the first; without any, a user name that looks like one. */
function emailsOf(resource: JsonObject): {
  readonly email: unknown;
  readonly others: readonly unknown[];
} {
  const emails = listAt(resource, 'emails').filter(({ value }) => value !== undefined);
  const main =
    emails.find(({ primary }) => primary === true) ?? emails.find(isForWork) ?? emails[0];
  const others = emails.filter((each) => each !== main).map(({ value }) => value);
  const userName = resource['userName'];
  const fallback = typeof userName === 'string' && userName.includes('@') ? userName : undefined;
  return { email: main?.['value'] ?? fallback, others };
}

/** Attributes of extensions other than the enterprise one, by their own names. */
function customOf(resource: JsonObject): SourceUser['custom'] {
  return collectCustom(
    Object.entries(resource).flatMap(([key, extension]) =>
      key.startsWith('urn:') && key !== enterpriseSchema && isObject(extension)
        ? Object.entries(extension)
        : [],
    ),
  );
}

function objectAt(from: JsonObject, key: string): JsonObject {
  const value = from[key];
  return isObject(value) ? value : {};
}

function listAt(from: JsonObject, key: string): readonly JsonObject[] {
  const value = from[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}
