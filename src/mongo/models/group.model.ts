import { Schema } from 'mongoose';
import type { Group } from '../../core/model/group.ts';

/** A group as it is stored. */
export interface GroupDocument extends Group {
  /** The store's id, a dot, the group's source id. */
  readonly _id: string;
}

export const groupSchema = new Schema<GroupDocument>(
  {
    _id: { type: String, required: true },
    storeId: { type: String, required: true },
    externalId: { type: String, required: true },
    name: { type: String, required: true },
    status: { type: String, required: true },
    waiting: { type: [String], required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'groups', strict: 'throw', minimize: false, versionKey: false, autoIndex: false },
);

export function toGroup({ _id: _key, ...group }: GroupDocument): Group {
  return group;
}
