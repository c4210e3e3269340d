import { type Attribute, complex, flag, reference, text } from './attribute.ts';

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** The outcome of a pushed user as a member: read-only, and in every answer. */
export const standingSchema = 'urn:scim:schemas:extension:rollcall:2.0:User';

export type ResourceType = 'User' | 'Group';

/** A list of complex values with the sub-attributes of RFC 7643, section 2.4. */
function plural(name: string, description: string, types: readonly string[]): Attribute {
  return complex(
    name,
    description,
    [
      text('value', 'The value itself.'),
      text('display', 'The value in words for people.'),
      text('type', 'What kind of value it is.', { canonicalValues: types }),
      flag('primary', 'Whether it is the preferred one.'),
    ],
    { multiValued: true },
  );
}

/** The attributes of every resource (RFC 7643, section 3.1), apart from `id` and `meta`. */
const externalId = text('externalId', "The client's own id of the resource.", {
  caseExact: true,
});

const userAttributes: readonly Attribute[] = [
  text('userName', 'The name that tells users of this store apart.', {
    required: true,
    uniqueness: 'server',
  }),
  complex('name', "The parts of the person's name.", [
    text('formatted', 'The whole name.'),
    text('familyName', 'The last name.'),
    text('givenName', 'The first name.'),
    text('middleName', 'The middle names.'),
    text('honorificPrefix', 'A title before the name.'),
    text('honorificSuffix', 'A suffix after the name.'),
  ]),
  text('displayName', 'The name to show.'),
  text('nickName', 'What the person is called.'),
  reference('profileUrl', 'A page about the person.', { referenceTypes: ['external'] }),
  text('title', 'The job title.'),
  text('userType', 'How the person belongs to the organization.'),
  text('preferredLanguage', 'The language the person prefers.'),
  text('locale', 'The locale for dates and numbers.'),
  text('timezone', 'The time zone, as in the IANA database.'),
  flag('active', 'False for a suspended user.'),
  plural('emails', 'E-mail addresses.', ['work', 'home', 'other']),
  plural('phoneNumbers', 'Phone numbers.', ['work', 'home', 'mobile', 'fax', 'pager', 'other']),
  plural('ims', 'Addresses for instant messages.', []),
  plural('photos', 'Addresses of pictures.', ['photo', 'thumbnail']),
  complex(
    'addresses',
    'Postal addresses.',
    [
      text('formatted', 'The whole address.'),
      text('streetAddress', 'Street and number.'),
      text('locality', 'The city.'),
      text('region', 'The state or region.'),
      text('postalCode', 'The postal code.'),
      text('country', 'The country.'),
      text('type', 'What kind of address it is.', { canonicalValues: ['work', 'home', 'other'] }),
      flag('primary', 'Whether it is the preferred one.'),
    ],
    { multiValued: true },
  ),
  complex(
    'groups',
    'The groups the user is in.',
    [
      text('value', "The group's id.", { mutability: 'readOnly', caseExact: true }),
      reference('$ref', 'Where the group is.', {
        mutability: 'readOnly',
        referenceTypes: ['Group'],
      }),
      text('display', "The group's name.", { mutability: 'readOnly' }),
      text('type', 'How the user is in it.', {
        mutability: 'readOnly',
        canonicalValues: ['direct'],
      }),
    ],
    { multiValued: true, mutability: 'readOnly' },
  ),
  plural('entitlements', 'What the person may use.', []),
  plural('roles', 'The roles of the person.', []),
  plural('x509Certificates', 'Certificates.', []),
];

export const enterpriseAttributes: readonly Attribute[] = [
  text('employeeNumber', 'The number of the employee.'),
  text('costCenter', 'The cost center.'),
  text('organization', 'The company.'),
  text('division', 'The division.'),
  text('department', 'The department.'),
  complex('manager', "The person's manager.", [
    text('value', "The id of the manager's user.", { caseExact: true }),
    reference('$ref', "Where the manager's user is.", { referenceTypes: ['User'] }),
    text('displayName', "The manager's name."),
  ]),
];

/** See `push-outcome.ts`. */
export const standings = [
  'active',
  'inactive',
  'held',
  'rejected',
  'conflict',
  'problem',
  'out-of-scope',
  'skipped',
  'paused',
  'failed',
] as const;

const standingAttributes: readonly Attribute[] = [
  text('standing', 'What has become of the user as a member.', {
    mutability: 'readOnly',
    canonicalValues: standings,
  }),
  text('reason', 'Why, in words for people.', { mutability: 'readOnly' }),
  text('memberId', "The member's id.", { mutability: 'readOnly', caseExact: true }),
  text('runId', 'The run that holds or reports it.', { mutability: 'readOnly', caseExact: true }),
];

const groupAttributes: readonly Attribute[] = [
  text('displayName', "The group's name.", { required: true }),
  complex(
    'members',
    'The users in the group.',
    [
      text('value', "The user's id.", { mutability: 'immutable', caseExact: true }),
      reference('$ref', 'Where the user is.', {
        mutability: 'immutable',
        referenceTypes: ['User'],
      }),
      text('type', 'What the member is.', {
        mutability: 'immutable',
        canonicalValues: ['User'],
      }),
    ],
    { multiValued: true },
  ),
];

/** A schema as clients can read it. */
export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

export const schemas: readonly Schema[] = [
  { id: userSchema, name: 'User', description: 'A person.', attributes: userAttributes },
  {
    id: enterpriseSchema,
    name: 'EnterpriseUser',
    description: 'A person in an organization.',
    attributes: enterpriseAttributes,
  },
  {
    id: standingSchema,
    name: 'Standing',
    description: 'What has become of a pushed user.',
    attributes: standingAttributes,
  },
  { id: groupSchema, name: 'Group', description: 'A group of users.', attributes: groupAttributes },
];

/** The core attributes of a kind of resource, `externalId` included. */
export const attributesOf: Readonly<Record<ResourceType, readonly Attribute[]>> = {
  User: [externalId, ...userAttributes],
  Group: [externalId, ...groupAttributes],
};

export const coreSchemaOf: Readonly<Record<ResourceType, string>> = {
  User: userSchema,
  Group: groupSchema,
};
