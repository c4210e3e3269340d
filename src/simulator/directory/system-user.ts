/*
 * JumpCloud's own shapes, as its API descriptions define them (v1 `systemuserreturn`, v2
 * `UserGroup`). Names are the vendor's: some camelCase, some snake_case, some all lower-case.
 */

export type UserState = 'STAGED' | 'ACTIVATED' | 'SUSPENDED';

export interface Address {
  readonly id: string;
  readonly type: string;
  readonly streetAddress?: string;
  readonly extendedAddress?: string;
  readonly poBox?: string;
  readonly locality?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country?: string;
}

export interface PhoneNumber {
  readonly id: string;
  readonly type: string;
  readonly number: string;
}

export interface CustomAttribute {
  readonly name: string;
  readonly value: string;
}

interface MfaEnrollment {
  readonly jcGoStatus: string;
  readonly overallStatus: string;
  readonly pushStatus: string;
  readonly totpStatus: string;
  readonly webAuthnStatus: string;
}

/** A user as JumpCloud's v1 API answers it. */
export interface SystemUser {
  readonly _id: string;
  readonly account_locked: boolean;
  readonly account_locked_date: string | null;
  readonly activated: boolean;
  readonly addresses: readonly Address[];
  readonly admin: null;
  readonly allow_public_key: boolean;
  readonly alternateEmail?: string;
  readonly attributes: readonly CustomAttribute[];
  readonly badLoginAttempts: number;
  readonly company?: string;
  readonly costCenter?: string;
  readonly created: string;
  readonly creationSource: string;
  readonly delegatedAuthority: null;
  readonly department?: string;
  readonly description?: string;
  readonly disableDeviceMaxLoginAttempts: boolean;
  readonly displayname?: string;
  readonly email: string;
  /** Unique per user. */
  readonly employeeIdentifier?: string;
  readonly employeeType?: string;
  readonly enable_managed_uid: boolean;
  readonly enable_user_portal_multifactor: boolean;
  readonly external_dn: string;
  readonly external_source_type: string;
  readonly externally_managed: boolean;
  readonly firstname?: string;
  readonly jobTitle?: string;
  readonly lastname?: string;
  readonly ldap_binding_user: boolean;
  readonly location?: string;
  readonly managedAppleId: string;
  /** Another user's `_id`. */
  readonly manager?: string;
  readonly mfa: { readonly configured: boolean; readonly exclusion: boolean };
  readonly mfaEnrollment: MfaEnrollment;
  readonly middlename?: string;
  readonly organization: string;
  readonly password_date: string | null;
  readonly password_expiration_date: string | null;
  readonly password_expired: boolean;
  readonly password_never_expires: boolean;
  readonly passwordless_sudo: boolean;
  readonly phoneNumbers: readonly PhoneNumber[];
  readonly public_key: string;
  readonly recoveryEmail: { readonly address: string; readonly verified: boolean };
  readonly relationships: readonly { readonly type: string; readonly value: string }[];
  readonly restrictedFields: readonly never[];
  readonly samba_service_user: boolean;
  readonly ssh_keys: readonly never[];
  readonly state: UserState;
  readonly sudo: boolean;
  readonly suspended: boolean;
  readonly totp_enabled: boolean;
  readonly unix_guid: number;
  readonly unix_uid: number;
  readonly username: string;
}

/** Fields to change; `undefined` takes a field away. */
export type UserFields = {
  readonly [Field in Exclude<keyof SystemUser, '_id' | 'email'>]?: SystemUser[Field] | undefined;
} & { readonly email?: string };

/**
 * A user with no values. It has every field: copies that only set fields are many times quicker to
 * make and smaller than copies that add some.
 */
export const blankUser: SystemUser = {
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
  state: 'ACTIVATED',
  sudo: false,
  suspended: false,
  totp_enabled: false,
  unix_guid: 1,
  unix_uid: 1,
  username: '',
};

/** A group as JumpCloud's v2 API answers it. */
export interface UserGroup {
  readonly id: string;
  readonly type: 'user_group';
  readonly name: string;
  readonly description: string;
  readonly email: string;
  readonly attributes: {
    readonly sudo: { readonly enabled: boolean; readonly withoutPassword: boolean };
  };
  readonly membershipMethod: 'NOTSET' | 'STATIC';
  readonly memberQueryExemptions: readonly never[];
  readonly memberSuggestionsNotify: boolean;
  readonly organizationObjectId: string;
  readonly suggestionCounts: {
    readonly add: number;
    readonly remove: number;
    readonly total: number;
  };
}

export interface Organization {
  /** 24 hex digits. */
  readonly id: string;
  readonly name: string;
}
