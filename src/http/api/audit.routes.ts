import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { auditActions } from '../../core/model/audit.ts';
import type { Ports } from '../../ports/index.ts';
import { auditEntryJson, auditEntrySchema } from '../../presenters/audit.ts';
import {
  type ApiServer,
  apiPrefix,
  idText,
  listOf,
  pageOf,
  pageQuery,
  readCursor,
} from './shared.ts';

export function addAuditRoutes(app: ApiServer, { audit }: Pick<Ports, 'audit'>): void {
  app.route({
    method: 'GET',
    url: `${apiPrefix}/audit`,
    schema: {
      operationId: 'listAudit',
      summary: 'List who changed what, newest first',
      querystring: z.strictObject({
        ...pageQuery,
        store: idText.optional(),
        action: z.enum(auditActions).optional(),
        by: z.string().max(300).optional().meta({ description: '`cli:USER` or `token:NAME`' }),
      }),
      response: { 200: listOf(auditEntrySchema) },
    },
    async handler({ query: { limit, cursor, store, action, by } }) {
      const before = readCursor('audit', cursor);
      const read = await audit.list(
        defined({ limit: limit + 1, before, storeId: store, action, by }),
      );
      return pageOf('audit', read, { limit, item: auditEntryJson, keyOf: ({ id }) => id });
    },
  });
}
