import { Readable } from 'node:stream';
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { auditActions } from '../../core/model/audit.ts';
import { auditOf } from '../../manage/audit/read-audit.ts';
import type { AuditFilter } from '../../ports/audit.ts';
import type { Ports } from '../../ports/index.ts';
import { auditCsv, auditEntryJson, auditEntrySchema } from '../../presenters/audit.ts';
import {
  type ApiServer,
  apiPrefix,
  idText,
  listOf,
  pageOf,
  pageQuery,
  readCursor,
  several,
} from './shared.ts';

const filters = {
  store: idText.optional(),
  action: several(auditActions),
  by: z.string().min(1).max(300).optional().meta({
    description: 'The id of a token or a person; or an actor: `cli:USER`, `token:NAME`, `user:ID`.',
  }),
  run: idText.optional(),
  from: z.iso
    .datetime({ offset: true })
    .max(40)
    .optional()
    .meta({ description: 'At this time or later.' }),
  to: z.iso
    .datetime({ offset: true })
    .max(40)
    .optional()
    .meta({ description: 'Before this time.' }),
};

/** The audit as a list and as a file. */
export function addAuditRoutes(app: ApiServer, { audit }: Pick<Ports, 'audit'>): void {
  app.route({
    method: 'GET',
    url: `${apiPrefix}/audit`,
    schema: {
      operationId: 'listAudit',
      summary: 'List who changed what, newest first',
      querystring: z.strictObject({ ...pageQuery, ...filters }),
      response: { 200: listOf(auditEntrySchema) },
    },
    async handler({ query: { limit, cursor, ...asked } }) {
      const before = readCursor('audit', cursor);
      const read = await audit.list({
        ...filterOf(asked),
        ...defined({ limit: limit + 1, before }),
      });
      return pageOf('audit', read, { limit, item: auditEntryJson, keyOf: ({ id }) => id });
    },
  });

  app.route({
    method: 'GET',
    url: `${apiPrefix}/audit.csv`,
    schema: {
      operationId: 'exportAudit',
      summary: 'Who changed what as a CSV file, newest first',
      querystring: z.strictObject(filters),
      response: {
        200: {
          description: 'RFC 4180; a cell that a spreadsheet would run begins with an apostrophe.',
          content: { 'text/csv': { schema: z.string() } },
        },
      },
    },
    async handler({ query }, reply) {
      const lines = auditCsv(auditOf(audit, filterOf(query)));
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', 'attachment; filename="audit.csv"')
        .send(Readable.from(lines) as unknown as string);
    },
  });
}

function filterOf(asked: z.output<z.ZodObject<typeof filters>>): AuditFilter {
  const { store, run, action, by, from, to } = asked;
  const actor = by === undefined ? {} : by.includes(':') ? { by } : { actorId: by };
  return {
    ...actor,
    ...defined({
      storeId: store,
      runId: run,
      actions: action,
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
    }),
  };
}
