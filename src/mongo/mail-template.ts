import type { Model } from 'mongoose';
import type { Clock } from '../ports/clock.ts';
import type { TemplateStore } from '../ports/mail-templates.ts';
import { type MailTemplateDocument, toStoredTemplate } from './models/mail-template.model.ts';

/** The templates of mails in MongoDB. */
export function createTemplateStore(
  model: Model<MailTemplateDocument>,
  clock: Clock,
): TemplateStore {
  return {
    async get(kind) {
      const document = await model.findById(kind).lean<MailTemplateDocument>();
      return document === null ? null : toStoredTemplate(document);
    },
    async list() {
      const documents = await model.find().sort({ _id: 1 }).lean<MailTemplateDocument[]>();
      return documents.map(toStoredTemplate);
    },
    async put({ kind, ...rest }) {
      const stored = { ...rest, updatedAt: clock.now() };
      await model.replaceOne({ _id: kind }, { _id: kind, ...stored }, { upsert: true });
      return { ...stored, kind };
    },
    async remove(kind) {
      return (await model.deleteOne({ _id: kind })).deletedCount === 1;
    },
  };
}
