import { z } from 'zod';
import { findStoreById } from '../../manage/find.ts';
import { findRevision, listRevisions } from '../../manage/stores/revisions.ts';
import type { Ports } from '../../ports/index.ts';
import {
  revisionJson,
  revisionSchema,
  wholeRevisionJson,
  wholeRevisionSchema,
} from '../../presenters/revision.ts';
import { runJson } from '../../presenters/run.ts';
import {
  type ApiServer,
  apiPrefix,
  listOf,
  pageOf,
  pageQuery,
  readCursor,
  storeParams,
} from './shared.ts';

const url = `${apiPrefix}/stores/:storeId/configuration/revisions`;

/** A person looks at the newest ones; lists of runs have all. */
const mostRuns = 50;

/** The configurations that a store has and had. */
export function addRevisionRoutes(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'listRevisions',
      summary: 'List the present configuration and those before it, newest first',
      params: storeParams,
      querystring: z.strictObject({
        ...pageQuery,
        limit: z.coerce.number().int().min(1).max(50).default(20),
      }),
      response: { 200: listOf(revisionSchema) },
    },
    async handler({ params, query: { limit, cursor } }) {
      const store = await findStoreById(ports, params.storeId);
      const list = `revisions of ${store.id}`;
      const after = readCursor(list, cursor);
      const before = after === undefined ? {} : { before: Number(after) };
      const read = await listRevisions(ports, store, { ...before, limit });
      const keyOf = ({ revision }: (typeof read)[number]) => String(revision);
      return pageOf(list, read, { limit, item: revisionJson, keyOf });
    },
  });

  app.route({
    method: 'GET',
    url: `${url}/:revision`,
    schema: {
      operationId: 'getRevision',
      summary: 'See one configuration that a store has or had, and the syncs that used it',
      params: storeParams.extend({ revision: z.coerce.number().int().min(1).max(1e9) }),
      response: { 200: wholeRevisionSchema },
    },
    async handler({ params: { storeId, revision } }) {
      const store = await findStoreById(ports, storeId);
      const found = await findRevision(ports, store, { revision, mostRuns });
      const { defaultMapping } = ports.directories.of(store.directory);
      return {
        ...wholeRevisionJson(found.revision, defaultMapping),
        latestRuns: found.runs.map((run) => runJson(run, store.name)),
      };
    },
  });
}
