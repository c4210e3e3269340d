import { type Connection, type Model, Schema } from 'mongoose';
import { isObject, type JsonObject } from '../../core/model/source-user.ts';
import type { ScimToken } from '../../core/model/token.ts';
import type { ScimGroup, ScimUser } from '../../core/scim/model.ts';
import { foldText, searchForm } from '../../core/scim/search-form.ts';

/** A SCIM resource as it is stored. */
interface ResourceDocument {
  _id: string;
  storeId: string;
  version: number;
  /** The resource as JSON: its keys are the client's, and not all of them could be keys of a document. */
  resource?: string;
  /** What filters look at. */
  search?: JsonObject;
  createdAt: Date;
  updatedAt: Date;
}

/** A user; one that was removed has nothing but when that was. */
export interface ScimUserDocument extends ResourceDocument {
  /** Tells the writes of one version apart. */
  lastWrite?: string;
  pulledId?: string;
  removed?: true;
}

export interface ScimGroupDocument extends ResourceDocument {
  /** Name and external id: two groups with one name are one, unless the directory tells them apart. */
  nameKey: string;
}

export interface ScimMembershipDocument {
  /** The group's id, a dot, the user's id. */
  _id: string;
  storeId: string;
  groupId: string;
  userId: string;
}

export interface ScimTokenDocument {
  _id: string;
  storeId: string;
  /** SHA-256 of the secret, in hex. */
  hash: string;
  /** Its place among the store's tokens; tokens of earlier releases have none. */
  turn?: number;
  createdAt: Date;
  /** When a later token ends it: the database removes it then. */
  endsAt?: Date;
  /** When it stops working by itself: it stays, so that a push gets to know why it is refused. */
  expiresAt?: Date;
}

const options = (collection: string) =>
  ({ collection, strict: 'throw', minimize: false, versionKey: false, autoIndex: false }) as const;

const resourceFields = {
  _id: { type: String, required: true },
  storeId: { type: String, required: true },
  version: { type: Number, required: true },
  resource: String,
  search: Schema.Types.Mixed,
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
} as const;

const userSchema = new Schema<ScimUserDocument>(
  { ...resourceFields, lastWrite: String, pulledId: String, removed: Boolean },
  options('scimUsers'),
);
const groupSchema = new Schema<ScimGroupDocument>(
  { ...resourceFields, nameKey: { type: String, required: true } },
  options('scimGroups'),
);
const membershipSchema = new Schema<ScimMembershipDocument>(
  {
    _id: { type: String, required: true },
    storeId: { type: String, required: true },
    groupId: { type: String, required: true },
    userId: { type: String, required: true },
  },
  options('scimMemberships'),
);
const tokenSchema = new Schema<ScimTokenDocument>(
  {
    _id: { type: String, required: true },
    storeId: { type: String, required: true },
    hash: { type: String, required: true },
    turn: Number,
    createdAt: { type: Date, required: true },
    endsAt: Date,
    expiresAt: Date,
  },
  options('scimTokens'),
);

/** Everything of SCIM in the database. */
export interface ScimModels {
  readonly users: Model<ScimUserDocument>;
  readonly groups: Model<ScimGroupDocument>;
  readonly memberships: Model<ScimMembershipDocument>;
  readonly tokens: Model<ScimTokenDocument>;
}

export function scimModels(connection: Connection): ScimModels {
  return {
    users: connection.model<ScimUserDocument>('ScimUser', userSchema),
    groups: connection.model<ScimGroupDocument>('ScimGroup', groupSchema),
    memberships: connection.model<ScimMembershipDocument>('ScimMembership', membershipSchema),
    tokens: connection.model<ScimTokenDocument>('ScimToken', tokenSchema),
  };
}

export function toScimToken(document: ScimTokenDocument): ScimToken {
  const { _id: id, storeId, createdAt, expiresAt = null } = document;
  return { id, storeId, createdAt, expiresAt };
}

export function toUserDocument({ id, resource, pulledId, ...rest }: ScimUser): ScimUserDocument {
  return {
    _id: id,
    ...rest,
    ...(pulledId !== null && { pulledId }),
    resource: JSON.stringify(resource),
    search: searchForm('User', resource),
  };
}

export function toScimUser(document: ScimUserDocument): ScimUser {
  return { ...toResource(document), pulledId: document.pulledId ?? null };
}

export function toGroupDocument({ id, resource, ...rest }: ScimGroup): ScimGroupDocument {
  return {
    _id: id,
    ...rest,
    resource: JSON.stringify(resource),
    search: searchForm('Group', resource),
    nameKey: nameKeyOf(resource),
  };
}

export function toScimGroup(document: ScimGroupDocument): ScimGroup {
  return toResource(document);
}

function nameKeyOf({ displayName, externalId }: JsonObject): string {
  return JSON.stringify([foldText(String(displayName)), externalId ?? null]);
}

function toResource({ _id, storeId, version, resource, createdAt, updatedAt }: ResourceDocument) {
  const read: unknown = JSON.parse(resource ?? '{}');
  return {
    id: _id,
    storeId,
    version,
    resource: isObject(read) ? read : {},
    createdAt,
    updatedAt,
  };
}
