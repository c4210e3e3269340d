/** The fields a member can have, in the order people read them. */
export const memberFields = [
  'email',
  'firstName',
  'lastName',
  'displayName',
  'secondaryEmail',
  'employeeId',
  'jobTitle',
  'department',
  'location',
  'company',
  'costCenter',
  'employeeType',
  'phone',
  'mobile',
  'manager',
  'street',
  'city',
  'state',
  'postalCode',
  'country',
] as const;

export type MemberField = (typeof memberFields)[number];

/** Custom member fields are addressed as `custom.NAME`. */
export const customPrefix = 'custom.';

/** A member field as mappings and changes name it: one of `memberFields`, or `custom.NAME`. */
export type FieldName = MemberField | `custom.${string}`;

export function isMemberField(name: string): name is MemberField {
  return (memberFields as readonly string[]).includes(name);
}

/** Whether a mapping may have `name`: a member field, or `custom.` and letters, digits, `_`, `-`. */
export function isFieldName(name: string): name is FieldName {
  return isMemberField(name) || /^custom\.(?!__)[\p{L}\p{N}_-]{1,64}$/u.test(name);
}
