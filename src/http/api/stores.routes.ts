import { z } from 'zod';
import { type Credential, directoryKinds, regions } from '../../core/model/store.ts';
import { findStoreById } from '../../manage/find.ts';
import { addStore } from '../../manage/stores/add-store.ts';
import {
  changeStoreOwner,
  reauthorizeStore,
  renameStore,
  renewScimToken,
  setStoreStatus,
} from '../../manage/stores/change-store.ts';
import { removeStore } from '../../manage/stores/remove-store.ts';
import { viewStore } from '../../manage/stores/view-store.ts';
import type { Ports } from '../../ports/index.ts';
import { reachableStoreSchema, scimJson, storeJson, storeSchema } from '../../presenters/store.ts';
import {
  type ApiServer,
  actorOf,
  apiPrefix,
  idText,
  scheduleNotSet,
  listOf,
  logFollowUpError,
  problems,
  storeParams,
} from './shared.ts';

const tags = ['Stores'];
const url = `${apiPrefix}/stores`;

/** Characters that a header can contain, as a secret must. */
const secret = z
  .string()
  .max(8192)
  .regex(/^[\x21-\x7e]+$/, 'has a space, a line break or another character that no secret has')
  .meta({ description: 'Stored encrypted, and never returned.', writeOnly: true });

/** How to sign in to a directory. The answer never contains what was sent. */
const credentialSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('api-key'), apiKey: secret }),
    z.strictObject({
      type: z.literal('client-credentials'),
      clientId: z.string().min(1).max(500),
      clientSecret: secret,
    }),
  ])
  .meta({ id: 'Credential' }) satisfies z.ZodType<Credential>;

/** Errors of the directory that the administrator can correct. */
export const address = 'the region';

/** A directory to connect to. */
export const connection = {
  directory: z.enum(directoryKinds),
  region: z.enum(regions).default('us'),
  orgId: idText.optional().meta({ description: 'For credentials that can see several.' }),
  credential: credentialSchema,
};

/** Directory stores: adding, seeing, changing and removing them. */
export function addStoreRoutes(app: ApiServer, ports: Ports, publicUrl: string): void {
  addListRoutes(app, ports, publicUrl);
  addOneRoutes(app, ports, publicUrl);
  addStatusRoutes(app, ports);
  addReauthorizeRoute(app, ports, publicUrl);
}

function addListRoutes(app: ApiServer, ports: Ports, publicUrl: string): void {
  app.route({
    method: 'GET',
    url,
    schema: {
      tags,
      operationId: 'listStores',
      summary: 'List all directory stores, by name',
      response: { 200: listOf(storeSchema), ...problems },
    },
    async handler() {
      const stores = await ports.stores.list();
      const views = await Promise.all(stores.map((store) => viewStore(ports, store)));
      return { items: views.map(storeJson), next: null };
    },
  });

  app.route({
    method: 'POST',
    url,
    schema: {
      tags,
      operationId: 'addStore',
      summary:
        'Connect a directory: checks the credential and keeps it encrypted, or makes a SCIM token',
      body: z
        .strictObject({
          name: z.string().max(256),
          ...connection,
          via: z
            .enum(['api', 'scim'])
            .default('api')
            .meta({ description: 'Whether it is asked, or pushes over SCIM.' }),
          credential: credentialSchema
            .optional()
            .meta({ description: 'May be left out for a directory that pushes.' }),
        })
        .refine(({ via, credential }) => via === 'scim' || credential !== undefined, {
          path: ['credential'],
          error: 'is needed for a directory that is asked',
        }),
      response: { 201: reachableStoreSchema, ...problems },
    },
    async handler(request, reply) {
      const { orgId, credential = null, ...asked } = request.body;
      const given = { ...asked, orgId, credential, address };
      const { store, scimToken, scheduleError } = await addStore(ports, given, actorOf(request));
      logFollowUpError(request, scheduleError, scheduleNotSet);
      const token = scimToken ?? undefined;
      return reply
        .code(201)
        .header('location', `${url}/${store.id}`)
        .send({
          ...storeJson(await viewStore(ports, store)),
          ...scimJson(store, { publicUrl, ...(token !== undefined && { token }) }),
        });
    },
  });
}

function addOneRoutes(app: ApiServer, ports: Ports, publicUrl: string): void {
  app.route({
    method: 'GET',
    url: `${url}/:storeId`,
    schema: {
      tags,
      operationId: 'getStore',
      summary: 'See a directory store',
      params: storeParams,
      response: { 200: reachableStoreSchema, ...problems },
    },
    async handler({ params }) {
      const store = await findStoreById(ports, params.storeId);
      return { ...storeJson(await viewStore(ports, store)), ...scimJson(store, { publicUrl }) };
    },
  });

  app.route({
    method: 'PATCH',
    url: `${url}/:storeId`,
    schema: {
      tags,
      operationId: 'changeStore',
      summary: 'Rename a store, or give it another owner',
      params: storeParams,
      body: z
        .strictObject({
          name: z.string().max(256).optional(),
          owner: idText
            .optional()
            .meta({ description: 'The id of a token of the role owner or admin.' }),
        })
        .refine(({ name, owner }) => name !== undefined || owner !== undefined, {
          error: 'expected name, owner or both',
        }),
      response: { 200: storeSchema, ...problems },
    },
    async handler(request) {
      const { name, owner } = request.body;
      const actor = actorOf(request);
      let store = await findStoreById(ports, request.params.storeId);
      if (owner !== undefined) {
        store = await changeStoreOwner(ports, { store, tokenId: owner }, actor);
      }
      if (name !== undefined) store = await renameStore(ports, { store, name }, actor);
      return storeJson(await viewStore(ports, store));
    },
  });

  app.route({
    method: 'DELETE',
    url: `${url}/:storeId`,
    schema: {
      tags,
      operationId: 'removeStore',
      summary: 'Remove a store with its runs, and keep or delete its members',
      params: storeParams,
      querystring: z.strictObject({ members: z.enum(['keep', 'delete']) }),
      response: {
        200: z.object({
          id: z.string(),
          name: z.string(),
          removed: z.literal(true),
          members: z.object({ kept: z.int().optional(), deleted: z.int().optional() }),
        }),
        ...problems,
      },
    },
    async handler(request) {
      const { members } = request.query;
      const store = await findStoreById(ports, request.params.storeId);
      const removed = await removeStore(ports, { store, members }, actorOf(request));
      logFollowUpError(request, removed.scheduleError, scheduleNotSet);
      const counts = members === 'keep' ? { kept: removed.members } : { deleted: removed.members };
      return { id: store.id, name: store.name, removed: true as const, members: counts };
    },
  });
}

function addStatusRoutes(app: ApiServer, ports: Ports): void {
  for (const [verb, to, summary] of [
    ['pause', 'paused', 'Stop the scheduled runs of a store'],
    ['resume', 'active', 'Go on with the scheduled runs of a paused store'],
  ] as const) {
    app.route({
      method: 'POST',
      url: `${url}/:storeId/${verb}`,
      schema: {
        tags,
        operationId: `${verb}Store`,
        summary,
        params: storeParams,
        response: { 200: storeSchema, ...problems },
      },
      async handler(request) {
        const before = await findStoreById(ports, request.params.storeId);
        const { store, scheduleError } = await setStoreStatus(
          ports,
          { store: before, to },
          actorOf(request),
        );
        logFollowUpError(request, scheduleError, scheduleNotSet);
        return storeJson(await viewStore(ports, store));
      },
    });
  }
}

/** The longest time that the previous tokens may stay valid. */
const longestOverlapMs = 30 * 24 * 3600 * 1000;

function addReauthorizeRoute(app: ApiServer, ports: Ports, publicUrl: string): void {
  app.route({
    method: 'POST',
    url: `${url}/:storeId/reauthorize`,
    schema: {
      tags,
      operationId: 'reauthorizeStore',
      summary: 'Use a new (or the same) credential, or make a new SCIM token; you become the owner',
      params: storeParams,
      body: z.union([
        z.strictObject({ credential: credentialSchema }),
        z
          .strictObject({
            overlapMs: z.int().min(0).max(longestOverlapMs).default(0).meta({
              description: 'How long the SCIM token of before still works.',
            }),
          })
          .meta({ description: 'For a store that is pushed into: makes a new token.' }),
      ]),
      response: { 200: reachableStoreSchema, ...problems },
    },
    async handler(request) {
      const { body } = request;
      const before = await findStoreById(ports, request.params.storeId);
      if ('credential' in body) {
        const given = { store: before, credential: body.credential, address };
        const { store, scheduleError } = await reauthorizeStore(ports, given, actorOf(request));
        logFollowUpError(request, scheduleError, scheduleNotSet);
        return { ...storeJson(await viewStore(ports, store)), ...scimJson(store, { publicUrl }) };
      }
      const asked = { store: before, overlapMs: body.overlapMs };
      const { store, scimToken } = await renewScimToken(ports, asked, actorOf(request));
      return {
        ...storeJson(await viewStore(ports, store)),
        ...scimJson(store, { publicUrl, token: scimToken }),
      };
    },
  });
}
