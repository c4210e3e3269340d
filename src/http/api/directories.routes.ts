import { z } from 'zod';
import { memberFields } from '../../core/model/fields.ts';
import type { Ports } from '../../ports/index.ts';
import { directoryJson, directorySchema } from '../../presenters/directory.ts';
import { type ApiServer, apiPrefix } from './shared.ts';

/** What forms need to know of each kind of directory. */
export function addDirectoryRoutes(
  app: ApiServer,
  { directories }: Pick<Ports, 'directories'>,
): void {
  app.route({
    method: 'GET',
    url: `${apiPrefix}/directories`,
    schema: {
      operationId: 'listDirectories',
      summary: 'List the kinds of directory that a store can have, and what each needs',
      response: {
        200: z.object({
          items: z.array(directorySchema),
          memberFields: z.array(z.string()).meta({
            description: 'The fields a member can have, in order; `custom.NAME` too.',
          }),
        }),
      },
    },
    handler: async () => ({
      items: directories.all.map(directoryJson),
      memberFields: [...memberFields],
    }),
  });
}
