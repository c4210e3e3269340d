import type { JsonObject } from '../model/source-user.ts';

interface ScimResource {
  readonly id: string;
  readonly storeId: string;
  /** Counts the changes; what clients see as the ETag. */
  readonly version: number;
  /** What was pushed, as `readResource` reads it. */
  readonly resource: JsonObject;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A user as its directory pushed it. Its id is the person's source id. */
export interface ScimUser extends ScimResource {
  /** The person's id in the directory's API, once a pull found out that it is the same person. */
  readonly pulledId: string | null;
}

/** A group as its directory pushed it, without its members. */
export type ScimGroup = ScimResource;

/** One user in one group. */
export interface ScimMembership {
  readonly groupId: string;
  readonly userId: string;
}
