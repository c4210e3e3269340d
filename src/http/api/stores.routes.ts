import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { findStoreById } from '../../manage/find.ts';
import { addStore } from '../../manage/stores/add-store.ts';
import {
  changeStoreOwner,
  reauthorizeAgain,
  reauthorizeStore,
  renameStore,
  renewScimToken,
  setStoreStatus,
} from '../../manage/stores/change-store.ts';
import { beginRemoval } from '../../manage/stores/remove-store.ts';
import { viewPushes, viewStore, viewStores } from '../../manage/stores/view-store.ts';
import type { Ports } from '../../ports/index.ts';
import { reachableStoreJson, storeJson, storeSchemasOf } from '../../presenters/store.ts';
import {
  anyCredentialSchema,
  connectionOf,
  sameOrganizationSchema,
  storeBodySchema,
} from './directory-bodies.ts';
import {
  type ApiServer,
  actorOf,
  apiPrefix,
  idText,
  listOf,
  logFollowUpError,
  scheduleNotSet,
  storeParams,
  tokenLife,
} from './shared.ts';

const url = `${apiPrefix}/stores`;

/** A removal that takes longer goes on after the answer: a proxy would cut the request. */
const removalAnswerMs = 5_000;

/** Directory stores: adding, seeing, changing and removing them. */
export function addStoreRoutes(app: ApiServer, ports: Ports, publicUrl: string): void {
  const parts = { ports, publicUrl, ...storeSchemasOf(ports.directories) };
  addListRoutes(app, parts);
  addOneRoutes(app, parts);
  addStatusRoutes(app, parts);
  addReauthorizeRoute(app, parts);
}

interface Parts extends ReturnType<typeof storeSchemasOf> {
  readonly ports: Ports;
  readonly publicUrl: string;
}

function addListRoutes(app: ApiServer, parts: Parts): void {
  const { ports, publicUrl, storeSchema, reachableStoreSchema } = parts;
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'listStores',
      summary: 'List all directory stores, by name',
      response: { 200: listOf(storeSchema) },
    },
    async handler() {
      const views = await viewStores(ports, await ports.stores.list());
      return { items: views.map(storeJson), next: null };
    },
  });

  app.route({
    method: 'POST',
    url,
    schema: {
      operationId: 'addStore',
      summary:
        'Connect a directory: checks the credential and keeps it encrypted, or makes a SCIM token',
      body: storeBodySchema(ports.directories),
      response: { 201: reachableStoreSchema },
    },
    async handler(request, reply) {
      const { name, directory, via, orgId, credential = null, ...rest } = request.body;
      const { expiresInMs, sameOrganization } = rest;
      const connection = connectionOf(ports.directories, request.body);
      const asked = {
        name,
        directory,
        via,
        connection,
        orgId,
        credential,
        expiresInMs,
        sameOrganization,
      };
      const { store, scimToken, scheduleError } = await addStore(ports, asked, actorOf(request));
      logFollowUpError(request, scheduleError, scheduleNotSet);
      const pushes = await viewPushes(ports, store);
      const view = await viewStore(ports, store);
      return reply
        .code(201)
        .header('location', `${url}/${store.id}`)
        .send(reachableStoreJson(view, publicUrl, { pushes, scimToken }));
    },
  });
}

function addOneRoutes(app: ApiServer, parts: Parts): void {
  const { ports, publicUrl, storeSchema, reachableStoreSchema } = parts;
  app.route({
    method: 'GET',
    url: `${url}/:storeId`,
    schema: {
      operationId: 'getStore',
      summary: 'See a directory store',
      params: storeParams,
      response: { 200: reachableStoreSchema },
    },
    async handler({ params }) {
      const store = await findStoreById(ports, params.storeId);
      const pushes = await viewPushes(ports, store);
      return reachableStoreJson(await viewStore(ports, store), publicUrl, { pushes });
    },
  });

  app.route({
    method: 'PATCH',
    url: `${url}/:storeId`,
    schema: {
      operationId: 'changeStore',
      summary: 'Rename a store, or give it another owner',
      params: storeParams,
      body: z
        .strictObject({
          name: z.string().max(256).optional(),
          owner: idText.optional().meta({
            description: 'The id of a token, or of a person, of the role owner or admin.',
          }),
        })
        .refine(({ name, owner }) => name !== undefined || owner !== undefined, {
          error: 'expected name, owner or both',
        }),
      response: { 200: storeSchema },
    },
    async handler(request) {
      const { name, owner } = request.body;
      const actor = actorOf(request);
      let store = await findStoreById(ports, request.params.storeId);
      if (owner !== undefined) {
        store = await changeStoreOwner(ports, { store, ownerId: owner }, actor);
      }
      if (name !== undefined) store = await renameStore(ports, { store, name }, actor);
      return storeJson(await viewStore(ports, store));
    },
  });

  app.route({
    method: 'DELETE',
    url: `${url}/:storeId`,
    schema: {
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
        202: z
          .object({
            id: z.string(),
            name: z.string(),
            removed: z.literal(false),
            left: z.int().meta({ description: 'Members that are still to be kept or deleted.' }),
          })
          .meta({
            description:
              'It goes on after this answer; `members` of the store says how many are left. At once with `Prefer: respond-async`, else when it takes long.',
          }),
      },
    },
    async handler(request, reply) {
      const { members } = request.query;
      const store = await findStoreById(ports, request.params.storeId);
      const { id, name } = store;
      const carryOut = await beginRemoval(ports, { store, members }, actorOf(request));
      const removing = carryOut();
      const isAsync = request.headers['prefer'] === 'respond-async';
      const removed = await firstWithin(removing, isAsync ? 0 : removalAnswerMs);
      if (removed === null) {
        removing.catch((err: unknown) =>
          request.log.error({ err, storeId: id }, 'A removal broke off; a worker goes on with it.'),
        );
        const { active, inactive } = await ports.members.counts(id);
        return reply.status(202).send({ id, name, removed: false, left: active + inactive });
      }
      logFollowUpError(request, removed.scheduleError, scheduleNotSet);
      const counts = members === 'keep' ? { kept: removed.members } : { deleted: removed.members };
      return { id, name, removed: true as const, members: counts };
    },
  });
}

/** What the work returns; null when it goes on for longer. */
async function firstWithin<T>(work: Promise<T>, ms: number): Promise<T | null> {
  const ended = new AbortController();
  const { signal } = ended;
  try {
    return await Promise.race([work, wait(ms, null, { signal })]);
  } finally {
    ended.abort();
  }
}

function addStatusRoutes(app: ApiServer, { ports, storeSchema }: Parts): void {
  for (const [verb, to, summary] of [
    ['pause', 'paused', 'Stop the scheduled runs of a store'],
    ['resume', 'active', 'Go on with the scheduled runs of a paused store'],
  ] as const) {
    app.route({
      method: 'POST',
      url: `${url}/:storeId/${verb}`,
      schema: {
        operationId: `${verb}Store`,
        summary,
        params: storeParams,
        response: { 200: storeSchema },
      },
      async handler(request) {
        const before = await findStoreById(ports, request.params.storeId);
        const asked = { store: before, to };
        const { store, scheduleError } = await setStoreStatus(ports, asked, actorOf(request));
        logFollowUpError(request, scheduleError, scheduleNotSet);
        return storeJson(await viewStore(ports, store));
      },
    });
  }
}

/** The longest time that the previous tokens may stay valid. */
const longestOverlapMs = 30 * 24 * 3600 * 1000;

function addReauthorizeRoute(app: ApiServer, parts: Parts): void {
  const { ports, publicUrl, reachableStoreSchema } = parts;
  app.route({
    method: 'POST',
    url: `${url}/:storeId/reauthorize`,
    schema: {
      operationId: 'reauthorizeStore',
      summary: 'Use a new (or the same) credential, or make a new SCIM token; you become the owner',
      params: storeParams,
      body: z.union([
        z.strictObject({
          credential: anyCredentialSchema(ports.directories),
          sameOrganization: sameOrganizationSchema,
        }),
        z
          .strictObject({ sameKey: z.literal(true) })
          .meta({ description: 'Tries again with the credential that the store has.' }),
        z
          .strictObject({
            overlapMs: z.int().min(0).max(longestOverlapMs).default(0).meta({
              description: 'How long the SCIM token of before still works.',
            }),
            expiresInMs: tokenLife,
          })
          .meta({ description: 'For a store that is pushed into: makes a new token.' }),
      ]),
      response: { 200: reachableStoreSchema },
    },
    async handler(request) {
      const { body } = request;
      const before = await findStoreById(ports, request.params.storeId);
      if (!('overlapMs' in body)) {
        const actor = actorOf(request);
        const { store, scheduleError } = await ('credential' in body
          ? reauthorizeStore(ports, { store: before, ...body }, actor)
          : reauthorizeAgain(ports, { store: before }, actor));
        logFollowUpError(request, scheduleError, scheduleNotSet);
        const pushes = await viewPushes(ports, store);
        return reachableStoreJson(await viewStore(ports, store), publicUrl, { pushes });
      }
      const asked = { store: before, overlapMs: body.overlapMs, expiresInMs: body.expiresInMs };
      const { store, scimToken } = await renewScimToken(ports, asked, actorOf(request));
      const pushes = await viewPushes(ports, store);
      return reachableStoreJson(await viewStore(ports, store), publicUrl, { pushes, scimToken });
    },
  });
}
