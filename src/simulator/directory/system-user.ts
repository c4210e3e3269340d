/*
 * JumpCloud's own shapes, as its API descriptions define them (v1 `systemuserreturn`, v2
 * `UserGroup`). Names are the vendor's: some camelCase, some snake_case, some all lower-case.
 */

export type UserState = 'STAGED' | 'ACTIVATED' | 'SUSPENDED';

/** The parts of a place that an address may lack. */
export const placeKeys = [
  'streetAddress',
  'extendedAddress',
  'poBox',
  'locality',
  'region',
  'postalCode',
  'country',
] as const;

export type Address = Readonly<
  Record<'id' | 'type', string> & Partial<Record<(typeof placeKeys)[number], string>>
>;
export type PhoneNumber = Readonly<Record<'id' | 'type' | 'number', string>>;
export type CustomAttribute = Readonly<Record<'name' | 'value', string>>;

/** Fields to change; `undefined` takes a field away. */
export type UserFields = {
  readonly [Field in Exclude<keyof SystemUser, '_id' | 'email'>]?: SystemUser[Field] | undefined;
} & { readonly email?: string };

/**
 * A user with no values. It has every field: copies that only set fields are many times quicker to
 * make and smaller than copies that add some.
 */
const blank = {
  _id: '',
  account_locked: false,
  account_locked_date: null,
  activated: true,
  addresses: [],
  admin: null,
  allow_public_key: true,
  alternateEmail: '',
  attributes: [],
  badLoginAttempts: 0,
  company: '',
  costCenter: '',
  created: '',
  creationSource: 'jumpcloud:bulk',
  delegatedAuthority: null,
  department: '',
  description: '',
  disableDeviceMaxLoginAttempts: false,
  displayname: '',
  email: '',
  employeeIdentifier: '',
  employeeType: '',
  enable_managed_uid: false,
  enable_user_portal_multifactor: false,
  external_dn: '',
  external_source_type: '',
  externally_managed: false,
  firstname: '',
  jobTitle: '',
  lastname: '',
  ldap_binding_user: false,
  location: '',
  managedAppleId: '',
  manager: '',
  mfa: { configured: false, exclusion: false },
  mfaEnrollment: {
    jcGoStatus: 'NOT_ENROLLED',
    overallStatus: 'NOT_ENROLLED',
    pushStatus: 'NOT_ENROLLED',
    totpStatus: 'NOT_ENROLLED',
    webAuthnStatus: 'NOT_ENROLLED',
  },
  middlename: '',
  organization: '',
  password_date: null,
  password_expiration_date: null,
  password_expired: false,
  password_never_expires: true,
  passwordless_sudo: false,
  phoneNumbers: [],
  public_key: '',
  recoveryEmail: { address: '', verified: false },
  relationships: [],
  restrictedFields: [],
  samba_service_user: false,
  ssh_keys: [],
  state: 'ACTIVATED' as const,
  sudo: false,
  suspended: false,
  totp_enabled: false,
  unix_guid: 1,
  unix_uid: 1,
  username: '',
};

/** What a user may lack: a field that is absent has no key. */
export const absentable = [
  'alternateEmail',
  'company',
  'costCenter',
  'department',
  'description',
  'displayname',
  'employeeIdentifier',
  'employeeType',
  'firstname',
  'jobTitle',
  'lastname',
  'location',
  'manager',
  'middlename',
] as const;
type Absentable = (typeof absentable)[number];

/** What says more than its blank value does. */
interface Stated {
  readonly account_locked_date: string | null;
  readonly addresses: readonly Address[];
  readonly attributes: readonly CustomAttribute[];
  readonly password_date: string | null;
  readonly phoneNumbers: readonly PhoneNumber[];
  readonly state: UserState;
}

type Blank = Readonly<typeof blank>;

/** A user as JumpCloud's v1 API answers it. `employeeIdentifier` is unique; `manager` is another user's `_id`. */
export interface SystemUser
  extends Stated,
    Omit<Blank, Absentable | keyof Stated>,
    Partial<Pick<Blank, Absentable>> {}

export const blankUser: SystemUser = blank;

const blankGroup = {
  id: '',
  type: 'user_group',
  name: '',
  description: '',
  email: '',
  attributes: { sudo: { enabled: false, withoutPassword: false } },
  membershipMethod: 'STATIC',
  memberQueryExemptions: [],
  memberSuggestionsNotify: false,
  organizationObjectId: '',
  suggestionCounts: { add: 0, remove: 0, total: 0 },
};

/** A group as JumpCloud's v2 API answers it. */
export type UserGroup = Readonly<typeof blankGroup>;

export function makeUserGroup(
  given: Pick<UserGroup, 'id' | 'name' | 'organizationObjectId'>,
): UserGroup {
  return { ...blankGroup, ...given };
}

export interface Organization {
  /** 24 hex digits. */
  readonly id: string;
  readonly name: string;
}
