import { z } from 'zod';
import { templateKinds } from '../core/mail/template.ts';
import { type Notice, noticeKinds, noticeStates, stateOf } from '../core/model/notice.ts';
import type { UsedTemplate } from '../manage/mail/templates.ts';
import { time, timeText } from './times.ts';

export const noticeSchema = z
  .object({
    id: z.string(),
    kind: z.enum(noticeKinds),
    state: z.enum(noticeStates),
    member: z.string().meta({ description: 'The id of the member.' }),
    store: z.string(),
    createdAt: time,
    attempts: z.int(),
    nextAttemptAt: time.nullable(),
    deliveredAt: time.nullable(),
    mayHaveArrivedTwice: z.boolean().meta({
      description: 'A try ended without an outcome, and the mail was sent again.',
    }),
    lastError: z.string().nullable().meta({ description: 'Why it was not sent yet.' }),
  })
  .meta({ id: 'Notice', description: 'A mail to a member in the outbox; it names no address.' });

/** A mail in the outbox as scripts read it. */
export function noticeJson(notice: Notice): z.output<typeof noticeSchema> {
  return {
    id: notice.id,
    kind: notice.kind,
    state: stateOf(notice),
    member: notice.memberId,
    store: notice.storeId,
    createdAt: notice.createdAt.toISOString(),
    attempts: notice.attempts,
    nextAttemptAt: timeText(notice.nextAttemptAt),
    deliveredAt: timeText(notice.deliveredAt),
    mayHaveArrivedTwice: notice.unknownOutcomes > 0,
    lastError: notice.lastError,
  };
}

export const templateSchema = z
  .object({
    kind: z.enum(templateKinds),
    subject: z.string(),
    text: z.string(),
    isDefault: z.boolean(),
    updatedAt: time.nullable(),
    by: z.string().nullable(),
  })
  .meta({ id: 'MailTemplate', description: 'The text of a mail, with variables as {{name}}.' });

/** A template as scripts read it. */
export function templateJson(template: UsedTemplate): z.output<typeof templateSchema> {
  const { kind, subject, text, stored } = template;
  return {
    kind,
    subject,
    text,
    isDefault: stored === null,
    updatedAt: timeText(stored?.updatedAt ?? null),
    by: stored?.by ?? null,
  };
}
