import { Schema } from 'mongoose';
import type { PeoplePage } from '../../ports/record-people.ts';

/** A page of ids as it is stored. */
export interface PeoplePageDocument extends PeoplePage {
  /** The record's id, the list and the page: the pages of a list stand in their order. */
  readonly _id: string;
}

export const peoplePageSchema = new Schema<PeoplePageDocument>(
  {
    _id: { type: String, required: true },
    runId: { type: String, required: true },
    recordId: { type: String, required: true },
    list: { type: String, required: true },
    page: { type: Number, required: true },
    ids: { type: [String], required: true },
  },
  {
    collection: 'recordPeople',
    strict: 'throw',
    minimize: false,
    versionKey: false,
    autoIndex: false,
  },
);
