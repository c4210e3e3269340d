import { type Connection, type Model, Schema } from 'mongoose';

/** The holder of a store's lease, and until when it is valid without a renewal. */
export interface LeaseDocument {
  /** The id of the store. */
  _id: string;
  holder: string;
  expiresAt: Date;
}

const schema = new Schema<LeaseDocument>(
  {
    _id: { type: String, required: true },
    holder: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'leases', strict: 'throw', versionKey: false, autoIndex: false },
);

export function leaseModel(connection: Connection): Model<LeaseDocument> {
  return connection.model<LeaseDocument>('Lease', schema);
}
