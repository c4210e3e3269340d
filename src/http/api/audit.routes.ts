import { z } from 'zod';
import { auditActions } from '../../core/model/audit.ts';
import type { Ports } from '../../ports/index.ts';
import { auditEntryJson, auditEntrySchema } from '../../presenters/audit.ts';
import {
  type ApiServer,
  apiPrefix,
  cut,
  idText,
  listOf,
  pageQuery,
  problems,
  readCursor,
  writeCursor,
} from './shared.ts';

/** Who changed what, when and from where. */
export function addAuditRoutes(app: ApiServer, { audit }: Pick<Ports, 'audit'>): void {
  app.route({
    method: 'GET',
    url: `${apiPrefix}/audit`,
    schema: {
      tags: ['Audit'],
      operationId: 'listAudit',
      summary: 'List who changed what, newest first',
      querystring: z.strictObject({
        ...pageQuery,
        store: idText.optional(),
        action: z.enum(auditActions).optional(),
        by: z.string().max(300).optional().meta({ description: '`cli:USER` or `token:NAME`' }),
      }),
      response: { 200: listOf(auditEntrySchema), ...problems },
    },
    async handler({ query: { limit, cursor, store, action, by } }) {
      const before = readCursor('audit', cursor);
      const read = await audit.list({
        limit: limit + 1,
        ...(before !== undefined && { before }),
        ...(store !== undefined && { storeId: store }),
        ...(action !== undefined && { action }),
        ...(by !== undefined && { by }),
      });
      const { items, last } = cut(read, limit);
      return {
        items: items.map(auditEntryJson),
        next: last === null ? null : writeCursor('audit', last.id),
      };
    },
  });
}
