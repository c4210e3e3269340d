import { z } from 'zod';
import { memberFields } from '../../core/model/fields.ts';
import { aboutStore, audited } from '../../manage/audit/audited.ts';
import { findStoreById } from '../../manage/find.ts';
import { readSections } from '../../manage/stores/configure-store.ts';
import {
  type ConnectionTest,
  countScope,
  seeAttributes,
  testConnection,
  testStore,
  tryMapping,
} from '../../manage/stores/try-source.ts';
import type { Ports } from '../../ports/index.ts';
import { scopeCountJson, scopeCountSchema } from '../../presenters/configuration.ts';
import { connectionBodySchema, connectionOf } from './directory-bodies.ts';
import {
  type ApiServer,
  actorOf,
  apiPrefix,
  mostOfConfiguration,
  sectionOf,
  storeParams,
} from './shared.ts';

const url = `${apiPrefix}/stores/:storeId`;

const connectionTest = z
  .object({
    ok: z.boolean(),
    organizations: z.array(z.object({ id: z.string(), name: z.string() })),
    problem: z.string().nullable(),
    hint: z.string().nullable(),
  })
  .meta({ id: 'ConnectionTest', description: 'Whether a credential reads a directory.' });

function answer({ organizations, problem }: ConnectionTest): z.output<typeof connectionTest> {
  return {
    ok: problem === null,
    organizations: organizations.map(({ id, name }) => ({ id, name })),
    problem: problem?.message ?? null,
    hint: problem?.hint ?? null,
  };
}

/** Questions to the real directory before a setting is stored. Nothing here changes anything. */
export function addSourceRoutes(app: ApiServer, ports: Ports): void {
  addConnectionRoutes(app, ports);
  addMappingRoutes(app, ports);
  addCriteriaRoute(app, ports);
}

function addConnectionRoutes(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'POST',
    url: `${apiPrefix}/connection-tests`,
    schema: {
      operationId: 'testConnection',
      summary: 'Try a credential before a store is added; nothing is stored',
      body: connectionBodySchema(ports.directories),
      response: { 200: connectionTest },
    },
    async handler({ body }) {
      const { connectDirectory } = ports;
      const { directory, orgId = null, credential } = body;
      const connection = connectionOf(ports.directories, body);
      const check = { connectDirectory, directory, connection, credential };
      return answer(await testConnection(check, orgId));
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/connection-test`,
    schema: {
      operationId: 'testStore',
      summary: 'Try the credential that a store has',
      params: storeParams,
      response: { 200: connectionTest },
    },
    handler: async ({ params }) =>
      answer(await testStore(ports, await findStoreById(ports, params.storeId))),
  });
}

function addMappingRoutes(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'GET',
    url: `${url}/attributes`,
    schema: {
      operationId: 'seeAttributes',
      summary: 'List the attributes of the first page of users, for a mapping',
      params: storeParams,
      response: {
        200: z.object({
          users: z.int().meta({ description: 'How many users were read.' }),
          fields: z.array(z.string()).meta({ description: 'The fields a member can have.' }),
          attributes: z.array(
            z.object({
              kind: z.enum(['attribute', 'custom']),
              name: z.string(),
              users: z.int().meta({ description: 'How many of them have it.' }),
              examples: z.array(z.string()),
              mappedTo: z
                .array(z.string())
                .meta({ description: 'The fields that the mapping of the store reads from it.' }),
            }),
          ),
        }),
      },
    },
    async handler({ params }) {
      const store = await findStoreById(ports, params.storeId);
      const { users, attributes } = await seeAttributes(ports, store);
      return {
        users,
        fields: [...memberFields],
        attributes: attributes.map((each) => ({
          ...each,
          examples: [...each.examples],
          mappedTo: [...each.mappedTo],
        })),
      };
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/mapping-preview`,
    schema: {
      operationId: 'previewMapping',
      summary: 'Apply a mapping to the first few users; nothing is stored',
      params: storeParams,
      body: z.strictObject({
        mapping: sectionOf('mapping'),
        limit: z.int().min(1).max(20).default(5),
      }),
      response: {
        200: z.object({
          users: z.array(
            z.object({
              externalId: z.string(),
              fields: z.array(
                z.object({
                  field: z.string(),
                  value: z.string().nullable(),
                  problem: z.string().nullable(),
                }),
              ),
            }),
          ),
        }),
      },
    },
    async handler(request) {
      const { mapping: given, limit } = request.body;
      const store = await findStoreById(ports, request.params.storeId);
      const { mapping } = readSections(ports, store, { mapping: given });
      const about = { actor: actorOf(request), ...aboutStore(store) };
      const users = await audited(ports, { action: 'mapping-previewed', ...about }, () =>
        tryMapping(ports, store, { mapping, limit }),
      );
      return { users: users.map((user) => ({ ...user, fields: [...user.fields] })) };
    },
  });
}

function addCriteriaRoute(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'POST',
    url: `${url}/criteria-count`,
    bodyLimit: mostOfConfiguration,
    schema: {
      operationId: 'countCriteria',
      summary: 'Count the users that match criteria, for up to 20 seconds; nothing is stored',
      params: storeParams,
      body: z.strictObject({ criteria: sectionOf('criteria') }),
      response: {
        200: scopeCountSchema,
      },
    },
    async handler({ params, body }) {
      const store = await findStoreById(ports, params.storeId);
      const { criteria } = readSections(ports, store, body);
      return scopeCountJson(await countScope(ports, store, criteria));
    },
  });
}
