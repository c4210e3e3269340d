import { z } from 'zod';
import { tokenRoles } from '../../core/model/token.ts';
import { listOwners } from '../../manage/access/tokens.ts';
import type { Ports } from '../../ports/index.ts';
import { type ApiServer, apiPrefix, listOf } from './shared.ts';

const ownerSchema = z
  .object({ id: z.string(), name: z.string(), role: z.enum(tokenRoles) })
  .meta({ id: 'Owner', description: 'A token whose holder may own a store.' });

/** Who may own a store: tokens themselves are the owner's to list. */
export function addOwnersRoute(app: ApiServer, ports: Pick<Ports, 'tokens' | 'clock'>): void {
  app.route({
    method: 'GET',
    url: `${apiPrefix}/owners`,
    schema: {
      operationId: 'listOwners',
      summary: 'List who may own a store: the tokens of the roles owner and admin that work',
      response: { 200: listOf(ownerSchema) },
    },
    async handler() {
      const owners = await listOwners(ports);
      return { items: owners.map(({ id, name, role }) => ({ id, name, role })), next: null };
    },
  });
}
