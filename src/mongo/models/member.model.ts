import { Schema } from 'mongoose';
import { type SearchKeys, searchKeysOf } from '../../core/member-search.ts';
import type { Absence, Member, Origin, RoleGrant } from '../../core/model/member.ts';
import { type Sparse, sparseCodec } from './sparse.ts';

/** A member as it is stored: what is null or blank is left out. */
export type MemberDocument = Omit<Sparse<Member>, 'groups' | 'roles'> & {
  /** Absent while the member is in no group. */
  groups?: Member['groups'];
  /** Absent while the member has no role. */
  roles?: Member['roles'];
  /** Only in the database: a member's fields say the same. */
  search?: SearchKeys;
};

export const memberSchema = new Schema<MemberDocument>(
  {
    _id: { type: String, required: true },
    storeId: String,
    externalId: String,
    keptFrom: new Schema<Origin>({ directory: String, orgId: String }, { _id: false }),
    status: { type: String, required: true },
    statusBy: { type: String, required: true },
    inactiveCause: String,
    absence: new Schema<Absence>(
      { since: Date, confirmations: Number, runId: String },
      { _id: false },
    ),
    fingerprint: String,
    fields: { type: Schema.Types.Mixed, required: true },
    custom: { type: Schema.Types.Mixed, required: true },
    groups: { type: [String], default: undefined },
    leftGroupsAt: Date,
    roles: {
      type: [new Schema<RoleGrant>({ role: String, group: String }, { _id: false })],
      default: undefined,
    },
    emailKey: String,
    revision: { type: Number, required: true },
    lastRecord: String,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'members', strict: 'throw', minimize: false, versionKey: false, autoIndex: false },
);

const codec = sparseCodec<Member, MemberDocument>(memberSchema);
memberSchema.add({ search: Schema.Types.Mixed });

/** A member as it is inserted, with its search keys. */
export const toMemberDocument = (member: Member): MemberDocument => ({
  ...codec.encode(member),
  search: searchKeysOf(member),
});

export const toMember = codec.decode;
