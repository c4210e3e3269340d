import { Schema } from 'mongoose';
import type { Person } from '../../core/model/person.ts';
import { type Claims, type RoleLists, roleOf } from '../../core/people/role-of.ts';

/** A person who signed in, as they are stored. Null is left out. */
export interface PersonDocument {
  _id: string;
  issuer: string;
  sub: string;
  address?: string;
  /** By it an erasure finds every spelling of an address. */
  emailKey?: string;
  isVerified: boolean;
  name?: string;
  groups: readonly string[];
  createdAt: Date;
  signedInAt: Date;
}

export const personSchema = new Schema<PersonDocument>(
  {
    _id: { type: String, required: true },
    issuer: { type: String, required: true },
    sub: { type: String, required: true },
    address: String,
    emailKey: String,
    isVerified: { type: Boolean, required: true },
    name: String,
    groups: { type: [String], required: true },
    createdAt: { type: Date, required: true },
    signedInAt: { type: Date, required: true },
  },
  { collection: 'people', strict: 'throw', versionKey: false, autoIndex: false },
);

/** The person, with the role that these lists give them. */
export function toPerson(document: PersonDocument, roles: RoleLists): Person {
  const { _id: id, emailKey: _, address = null, name = null, ...rest } = document;
  const claims: Claims = { address, name, isVerified: rest.isVerified, groups: rest.groups };
  return { ...rest, ...claims, id, role: roleOf(claims, roles) };
}
