export type SourceState = 'ACTIVATED' | 'STAGED' | 'SUSPENDED';

/** JSON as it came from the source. */
export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A user as a directory gave it, made uniform as far as the sync needs it. */
export interface SourceUser {
  readonly externalId: string;
  readonly state: SourceState;
  /** The organization that the record names, if it names one. */
  readonly orgId: string | null;
  /** The record itself: what attribute paths and expressions read. */
  readonly record: JsonObject;
  /** The custom attributes as `collectCustom` makes them: texts, and what is not a single value as it is. */
  readonly custom: Readonly<Record<string, unknown>>;
  /** The record has custom attributes in a form that can't be read, so that none of them can be told. */
  readonly customIsUnreadable?: true;
}

/** A row whose id could be read but which can't be used: a problem of that person alone. */
export interface UnreadableUser {
  readonly externalId: string;
  readonly unreadable: string;
}

/** How the users of a directory look when it pushes them over SCIM. */
export interface PushedUsers {
  /** A pushed resource as a user of the directory, with the attribute names of the directory's API. */
  readonly read: (id: string, resource: JsonObject) => SourceUser;
  /** The attributes that both ways have, and the SCIM path of each. */
  readonly paths: Readonly<Record<string, string>>;
}

/** The address that a record of the source has; null when it has none. */
export type EmailOf = (record: JsonObject) => string | null;

export type ListedUser = SourceUser | UnreadableUser;

export function isUnreadable(user: ListedUser): user is UnreadableUser {
  return 'unreadable' in user;
}
