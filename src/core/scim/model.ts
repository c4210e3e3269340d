import type { JsonObject } from '../model/source-user.ts';

interface ScimResource {
  readonly id: string;
  readonly storeId: string;
  /** Counts the changes; clients see it as the ETag. */
  readonly version: number;
  /** The pushed resource, as `readResource` reads it. */
  readonly resource: JsonObject;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A user as its directory pushed it. Its id is the person's source id. */
export interface ScimUser extends ScimResource {
  /** The user's id in the directory's API, once a pull has matched the two. */
  readonly pulledId: string | null;
}

/** A group as its directory pushed it, without its members. */
export type ScimGroup = ScimResource;

/** One user in one group. */
export interface ScimMembership {
  readonly groupId: string;
  readonly userId: string;
}
