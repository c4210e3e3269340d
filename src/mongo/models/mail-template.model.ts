import { Schema } from 'mongoose';
import type { StoredTemplate } from '../../core/model/mail-template.ts';

/** A template as it is stored. */
export type MailTemplateDocument = Omit<StoredTemplate, 'kind'> & { readonly _id: string };

export const mailTemplateSchema = new Schema<MailTemplateDocument>(
  {
    _id: { type: String, required: true },
    subject: { type: String, required: true },
    text: { type: String, required: true },
    updatedAt: { type: Date, required: true },
    by: { type: String, required: true },
  },
  { collection: 'mailTemplates', strict: 'throw', versionKey: false, autoIndex: false },
);

export function toStoredTemplate({ _id, ...rest }: MailTemplateDocument): StoredTemplate {
  return { ...rest, kind: _id as StoredTemplate['kind'] };
}
