import { Schema } from 'mongoose';
import type { Notice } from '../../core/model/notice.ts';
import { type Sparse, sparseCodec } from './sparse.ts';

/** A notice as it is stored: what is null is left out. */
export type NoticeDocument = Sparse<Notice>;

export const noticeSchema = new Schema<NoticeDocument>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    memberId: { type: String, required: true },
    storeId: { type: String, required: true },
    recordId: { type: String, required: true },
    awaits: String,
    createdAt: { type: Date, required: true },
    attempts: { type: Number, required: true },
    triedAt: Date,
    nextAttemptAt: Date,
    deliveredAt: Date,
    sendingAt: Date,
    unknownOutcomes: { type: Number, required: true },
    lastError: String,
    expireAt: Date,
  },
  { collection: 'notices', strict: 'throw', versionKey: false, autoIndex: false },
);

export const { encode: toNoticeDocument, decode: toNotice } = sparseCodec<Notice, NoticeDocument>(
  noticeSchema,
);
