import { type Connection, type Model, Schema } from 'mongoose';
import type { Absence, Member, Origin } from '../../core/model/member.ts';

/** A member as it is stored: null and blank values are left out. */
export interface MemberDocument {
  _id: string;
  storeId?: string;
  externalId?: string;
  keptFrom?: Origin;
  status: Member['status'];
  statusBy: Member['statusBy'];
  inactiveCause?: NonNullable<Member['inactiveCause']>;
  absence?: Absence;
  fingerprint?: string;
  fields: Member['fields'];
  custom: Member['custom'];
  groups: readonly string[];
  emailKey?: string;
  revision: number;
  lastRecord?: string;
  createdAt: Date;
  updatedAt: Date;
}

const schema = new Schema<MemberDocument>(
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
    groups: { type: [String], required: true },
    emailKey: String,
    revision: { type: Number, required: true },
    lastRecord: String,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'members', strict: 'throw', minimize: false, versionKey: false, autoIndex: false },
);

export function memberModel(connection: Connection): Model<MemberDocument> {
  return connection.model<MemberDocument>('Member', schema);
}

/** The document of a new member. */
export function toMemberDocument(member: Member): MemberDocument {
  const { storeId, externalId, keptFrom, inactiveCause, absence, fingerprint, emailKey } = member;
  const document: MemberDocument = {
    _id: member.id,
    status: member.status,
    statusBy: member.statusBy,
    fields: member.fields,
    custom: member.custom,
    groups: member.groups,
    revision: member.revision,
    createdAt: member.createdAt,
    updatedAt: member.updatedAt,
  };
  if (storeId !== null) document.storeId = storeId;
  if (externalId !== null) document.externalId = externalId;
  if (keptFrom !== null) document.keptFrom = keptFrom;
  if (inactiveCause !== null) document.inactiveCause = inactiveCause;
  if (absence !== null) document.absence = absence;
  if (fingerprint !== null) document.fingerprint = fingerprint;
  if (emailKey !== null) document.emailKey = emailKey;
  if (member.lastRecord !== null) document.lastRecord = member.lastRecord;
  return document;
}

export function toMember(document: MemberDocument): Member {
  const { _id, ...rest } = document;
  return {
    ...rest,
    id: _id,
    storeId: document.storeId ?? null,
    externalId: document.externalId ?? null,
    keptFrom: document.keptFrom ?? null,
    inactiveCause: document.inactiveCause ?? null,
    absence: document.absence ?? null,
    fingerprint: document.fingerprint ?? null,
    emailKey: document.emailKey ?? null,
    lastRecord: document.lastRecord ?? null,
  };
}
