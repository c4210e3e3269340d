import { Schema } from 'mongoose';

/** The holder of a store's lease, and until when it is valid without a renewal. */
export interface LeaseDocument {
  /** The id of the store. */
  _id: string;
  holder: string;
  expiresAt: Date;
}

export const leaseSchema = new Schema<LeaseDocument>(
  {
    _id: { type: String, required: true },
    holder: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'leases', strict: 'throw', versionKey: false, autoIndex: false },
);
