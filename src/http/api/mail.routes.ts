import { z } from 'zod';
import { templateKinds } from '../../core/mail/template.ts';
import { noticeStates } from '../../core/model/notice.ts';
import {
  listTemplates,
  previewTemplate,
  resetTemplate,
  writeTemplate,
} from '../../manage/mail/templates.ts';
import type { Ports } from '../../ports/index.ts';
import { noticeJson, noticeSchema, templateJson, templateSchema } from '../../presenters/mail.ts';
import { type ApiServer, actorOf, apiPrefix, listOf } from './shared.ts';

const url = `${apiPrefix}/mail`;
const params = z.object({ kind: z.enum(templateKinds) });
const written = z.strictObject({ subject: z.string().max(1_000), text: z.string().max(20_000) });

/** The outbox of mails to members, and their texts. */
export function addMailRoutes(
  app: ApiServer,
  ports: Pick<Ports, 'notices' | 'mailTemplates' | 'audit'>,
): void {
  app.route({
    method: 'GET',
    url: `${url}/outbox`,
    schema: {
      operationId: 'listNotices',
      summary: 'List the newest mails to members, by their state',
      querystring: z.object({
        state: z.enum(noticeStates).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      response: { 200: listOf(noticeSchema) },
    },
    handler: async ({ query }) => ({
      items: (await ports.notices.list(query)).map(noticeJson),
      next: null,
    }),
  });

  app.route({
    method: 'GET',
    url: `${url}/templates`,
    schema: {
      operationId: 'listTemplates',
      summary: 'List the texts of mails',
      response: { 200: listOf(templateSchema) },
    },
    handler: async () => ({ items: (await listTemplates(ports)).map(templateJson), next: null }),
  });

  app.route({
    method: 'PUT',
    url: `${url}/templates/:kind`,
    schema: {
      operationId: 'writeTemplate',
      summary: 'Replace the text of a mail',
      params,
      body: written,
      response: { 200: templateSchema },
    },
    handler: async (request) =>
      templateJson(
        await writeTemplate(ports, { ...request.params, ...request.body }, actorOf(request)),
      ),
  });

  app.route({
    method: 'DELETE',
    url: `${url}/templates/:kind`,
    schema: {
      operationId: 'resetTemplate',
      summary: 'Go back to the default text of a mail',
      params,
      response: { 204: z.undefined().meta({ description: 'The default is used.' }) },
    },
    async handler(request, reply) {
      await resetTemplate(ports, request.params.kind, actorOf(request));
      return reply.code(204).send();
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/templates/:kind/preview`,
    schema: {
      operationId: 'previewTemplate',
      summary: 'See the mail that a text makes of sample values; nothing is stored or sent',
      params,
      body: written,
      response: { 200: z.object({ subject: z.string(), text: z.string() }) },
    },
    handler: async (request) => previewTemplate(request.params.kind, request.body),
  });
}
