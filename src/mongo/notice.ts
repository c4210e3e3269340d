import type { Model } from 'mongoose';
import { expiryOf, newNotice } from '../core/mail/notice-attempts.ts';
import type { NoticeState } from '../core/model/notice.ts';
import type { Clock } from '../ports/clock.ts';
import type { NoticeStore } from '../ports/notices.ts';
import { type NoticeDocument, toNotice, toNoticeDocument } from './models/notice.model.ts';
import { duplicateKeyCode, insertBatch } from './write-batch.ts';

const isDelivered = { deliveredAt: { $exists: true } };
const isAwaiting = { awaits: { $exists: true }, deliveredAt: null };
const isDue = { nextAttemptAt: { $exists: true } };

const filterOf: Readonly<Record<NoticeState, object>> = {
  awaiting: isAwaiting,
  waiting: { ...isDue, attempts: 0 },
  failing: { ...isDue, attempts: { $gt: 0 } },
  'given-up': { awaits: null, nextAttemptAt: null, deliveredAt: null },
  delivered: isDelivered,
};

/** The outbox of mails to members in MongoDB. */
export function createNoticeStore(model: Model<NoticeDocument>, clock: Clock): NoticeStore {
  const ofMembers = (memberIds: readonly string[]) =>
    ({ memberId: { $in: [...memberIds] } }) as const;
  const count = (state: NoticeState) => model.countDocuments(filterOf[state]);
  return {
    isSilent: false,
    async add(notices) {
      const now = clock.now();
      const documents = notices.map((notice) => toNoticeDocument(newNotice(notice, now)));
      const { refused } = await insertBatch(model, documents);
      const code = [...refused.values()].find((other) => other !== duplicateKeyCode);
      if (code !== undefined) throw new Error(`the database refused a notice, with code ${code}`);
    },
    async activate(memberIds, then) {
      const awaiting = { ...ofMembers(memberIds), awaits: 'activation' as const };
      if (then === 'drop') {
        await model.deleteMany(awaiting);
        return;
      }
      const now = clock.now();
      await model.updateMany(awaiting, {
        $set: { nextAttemptAt: now, expireAt: expiryOf(now) },
        $unset: { awaits: '' },
      });
    },
    async forget(memberIds) {
      await model.deleteMany(ofMembers(memberIds));
    },
    async due(now, limit) {
      const documents = await model
        .find({ nextAttemptAt: { $lte: now } })
        .sort({ nextAttemptAt: 1 })
        .limit(limit)
        .lean<NoticeDocument[]>();
      return documents.map(toNotice);
    },
    async get(id) {
      const document = await model.findById(id).lean<NoticeDocument>();
      return document === null ? null : toNotice(document);
    },
    async lastMove(memberId) {
      const document = await model
        .findOne({ memberId, kind: 'address-changed' })
        .sort({ createdAt: -1, _id: -1 })
        .lean<NoticeDocument>();
      return document === null ? null : toNotice(document);
    },
    async save(notice) {
      await model.replaceOne({ _id: notice.id }, toNoticeDocument(notice));
    },
    async drop(id) {
      await model.deleteOne({ _id: id });
    },
    async list({ state, limit }) {
      const documents = await model
        .find(state === undefined ? {} : filterOf[state])
        .sort({ createdAt: -1, _id: 1 })
        .limit(limit)
        .lean<NoticeDocument[]>();
      return documents.map(toNotice);
    },
    async summary() {
      const [waiting, failing, givenUp] = await Promise.all([
        count('waiting'),
        count('failing'),
        count('given-up'),
      ]);
      return { waiting, failing, givenUp };
    },
    deliveredSince: (since) => model.countDocuments({ deliveredAt: { $gte: since } }),
  };
}
