import { Schema } from 'mongoose';
import type { GroupSizes } from '../../core/criteria/group-size.ts';
import type { FieldName } from '../../core/model/fields.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { Mapping, MappingRule, StoreConfig } from '../../core/model/store-config.ts';
import { caselessKey } from '../../core/same-name.ts';
import {
  defaultGroupSync,
  defaultNotifications,
  defaultSafeguards,
} from '../../core/store-file/default-config.ts';

/** A configuration as it is stored: the mapping as a list, since `custom.NAME` is no valid key in MongoDB. */
export interface ConfigDocument extends Omit<StoreConfig, 'mapping' | 'settings'> {
  /** Those of earlier releases have no notifications. */
  readonly settings: Pick<StoreConfig['settings'], 'statusSync'> &
    Partial<Pick<StoreConfig['settings'], 'notifications'>>;
  readonly mapping: readonly { readonly field: string; readonly rule: MappingRule }[];
}

/** The count of a store's members as it was kept, and the mark of the last writes before which it was not. */
export interface MemberCountParts {
  /** Renewed before members are written: a count that is kept of another mark, or of none, is not used. */
  membersMark?: { readonly id: string; readonly at: Date };
  memberCounts?: {
    readonly active: number;
    readonly inactive: number;
    readonly of: string;
    readonly at: Date;
  };
}

/** Who gave a store its configuration, and when. */
interface ConfiguredBy {
  readonly revision: number;
  readonly by: string;
  readonly at: Date;
}

/** A directory store as it is stored. */
export interface DirectoryStoreDocument
  extends Omit<Writable<DirectoryStore>, 'id' | 'config' | 'connection' | 'shape'>,
    MemberCountParts {
  _id: string;
  /** The region of the connection has a field of its own. */
  region?: string;
  /** The other fields of the connection; absent when there are none. */
  connection?: DirectoryStore['connection'];
  config: ConfigDocument;
  /** What its name is unique by. Absent while another store has it: names of earlier releases may differ in case alone. */
  nameKey?: string;
  /** Absent in what 0.1 stored. */
  shape?: number;
  /** Sealed. Only the read that decrypts it selects it. Absent in a store that is only pushed into. */
  credential?: string;
  /** Whether it was paused when it began to need reauthorization, and is to be paused again afterwards. */
  wasPaused?: boolean;
  /** Who made the present configuration, unless an earlier release made one since. Only revisions read it. */
  configuredBy?: ConfiguredBy;
  /** The sizes of the groups that its criteria name. Only the read that asks for them selects them. */
  groupSizes?: GroupSizes;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export const directoryStoreSchema = new Schema<DirectoryStoreDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    nameKey: { type: String, select: false },
    directory: { type: String, required: true },
    via: { type: String, required: true },
    region: String,
    connection: Schema.Types.Mixed,
    // Empty for a store that is only pushed into: what is required can't be.
    orgId: String,
    orgName: String,
    credentialInfo: Schema.Types.Mixed,
    sendOrgId: { type: Boolean, required: true },
    status: { type: String, required: true },
    owner: { type: String, required: true },
    config: { type: Schema.Types.Mixed, required: true },
    configRevision: { type: Number, required: true },
    shape: Number,
    credential: { type: String, select: false },
    wasPaused: { type: Boolean, select: false },
    configuredBy: { type: Schema.Types.Mixed, select: false },
    groupSizes: { type: Schema.Types.Mixed, select: false },
    membersMark: { type: Schema.Types.Mixed, select: false },
    memberCounts: { type: Schema.Types.Mixed, select: false },
    removal: Schema.Types.Mixed,
    perSecond: Number,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'stores', strict: 'throw', minimize: false, versionKey: false, autoIndex: false },
);

export function toDirectoryStoreDocument(
  { id, config, connection: { region, ...others }, ...rest }: DirectoryStore,
  credential: string | null,
): DirectoryStoreDocument {
  return {
    _id: id,
    nameKey: caselessKey(rest.name),
    ...rest,
    ...(region !== undefined && { region }),
    ...(Object.keys(others).length > 0 && { connection: others }),
    config: toConfigDocument(config),
    ...(credential !== null && { credential }),
  };
}

export function toDirectoryStore({
  _id,
  config,
  region,
  connection: others,
  shape = 1,
  ...rest
}: Omit<
  DirectoryStoreDocument,
  'credential' | 'nameKey' | 'configuredBy' | keyof MemberCountParts
>): DirectoryStore {
  const connection = { ...(region !== undefined && { region }), ...others };
  return { ...rest, id: _id, shape, connection, config: toConfig(config) };
}

export function toConfig(config: ConfigDocument): StoreConfig {
  const rules = config.mapping.map(({ field, rule }) => [field, rule] as const);
  // Configurations that earlier releases stored have no rule on absence, and none on groups.
  const safeguards = { ...defaultSafeguards, ...config.safeguards };
  const groups = { ...defaultGroupSync, ...config.groups };
  const { notifications = defaultNotifications, ...others } = config.settings;
  const settings = { ...others, notifications };
  const mapping = Object.fromEntries(rules) as Mapping;
  return { ...config, settings, safeguards, groups, mapping };
}

export function toConfigDocument({ mapping, ...rest }: StoreConfig): ConfigDocument {
  const entries = Object.entries(mapping) as [FieldName, MappingRule][];
  return { ...rest, mapping: entries.map(([field, rule]) => ({ field, rule })) };
}
