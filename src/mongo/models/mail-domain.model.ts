import { Schema } from 'mongoose';
import type { MailDomain } from '../../core/model/mail-domain.ts';
import { type Sparse, sparseCodec } from './sparse.ts';

/** A domain as it is stored: what is null is left out. */
export type MailDomainDocument = Sparse<MailDomain>;

export const mailDomainSchema = new Schema<MailDomainDocument>(
  {
    _id: { type: String, required: true },
    token: { type: String, required: true },
    status: { type: String, required: true },
    createdAt: { type: Date, required: true },
    verifiedAt: Date,
    checkedAt: Date,
    confirmedAt: Date,
    failures: { type: Number, required: true },
    problem: String,
    revision: { type: Number, required: true },
  },
  { collection: 'mailDomains', strict: 'throw', versionKey: false, autoIndex: false },
);

export const { encode: toMailDomainDocument, decode: toMailDomain } = sparseCodec<
  MailDomain,
  MailDomainDocument
>(mailDomainSchema);
