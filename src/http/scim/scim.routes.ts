import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  resourceTypes,
  schemaResources,
  serviceProviderConfig,
} from '../../core/scim/discovery.ts';
import { syncEndpoint } from '../../core/scim/endpoint.ts';
import { maxPayloadBytes } from '../../core/scim/limits.ts';
import { badRequest, ScimError } from '../../core/scim/scim-error.ts';
import type { ScimStore } from '../../ports/scim.ts';
import type { PushService } from '../../sync/push/push-service.ts';
import { carryOutBulk } from '../../sync/scim/bulk.ts';
import { searchAll } from '../../sync/scim/search.ts';
import { jsonBodyParser } from '../json-body.ts';
import { addResourceRoutes, type ContextOf } from './resource.routes.ts';
import { scimErrorOf, send, sendScimError } from './scim-problem.ts';
import { sendList } from './send-list.ts';
import { limitStores } from './store-limits.ts';
import { answerUnknownRoute } from './unknown-route.ts';

export interface ScimOptions {
  readonly scim: ScimStore;
  readonly pusher: PushService;
  readonly publicUrl: string;
}

const scimPrefix = '/scim/v2/:storeId';
const contentTypes = ['application/scim+json', 'application/json'];

/** The SCIM 2.0 service of every directory store (RFC 7644). */
export async function addScimRoutes(app: FastifyInstance, options: ScimOptions): Promise<void> {
  await app.register(
    (routes, _options, done) => {
      addRoutes(routes, options);
      done();
    },
    { prefix: scimPrefix },
  );
}

function addRoutes(routes: FastifyInstance, { scim, pusher, publicUrl }: ScimOptions): void {
  readScimBodies(routes);
  limitStores(routes);
  routes.setErrorHandler(sendScimError);
  routes.setNotFoundHandler(answerUnknownRoute);
  const contextOf: ContextOf = (request) => {
    const { storeId } = request.params as { readonly storeId: string };
    return { storeId, scim, pusher, baseUrl: syncEndpoint(publicUrl, storeId) };
  };
  addDiscovery(routes, contextOf);
  addResourceRoutes(routes, contextOf, 'User');
  addResourceRoutes(routes, contextOf, 'Group');
  routes.post('/.search', async (request, reply) =>
    sendList(reply, await searchAll(contextOf(request), request.body)),
  );
  routes.post('/Bulk', async (request, reply) =>
    send(reply, await carryOutBulk(contextOf(request), request.body, scimErrorOf)),
  );
}

/** Both content types are JSON, never compressed; an announced body that is not sent counts as none. */
function readScimBodies(routes: FastifyInstance): void {
  routes.addHook('onRequest', async (request, reply) => {
    const { 'content-encoding': coding = '' } = request.headers;
    if (/^\s*(?:identity\s*)?$/i.test(coding)) return;
    void reply.header('accept-encoding', 'identity');
    throw new ScimError(415, null, 'A body is accepted as it is, and in no content coding.');
  });
  const parseJson = jsonBodyParser(routes);
  routes.removeAllContentTypeParsers();
  routes.addContentTypeParser(
    contentTypes,
    { parseAs: 'buffer', bodyLimit: maxPayloadBytes },
    (request, body: Buffer, done) => {
      if (body.length === 0) return done(null, undefined);
      parseJson(request, body, (error, parsed) => {
        if (error === null && isTooDeep(parsed, deepest)) {
          const message = `The body is nested deeper than ${deepest} levels.`;
          return done(badRequest('invalidSyntax', message));
        }
        return done(error, parsed);
      });
    },
  );
}

/** No resource and no bulk needs a third of it, and a database accepts only some hundred. */
const deepest = 32;

function isTooDeep(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((each) => isTooDeep(each, left - 1));
}

function addDiscovery(routes: FastifyInstance, contextOf: ContextOf): void {
  routes.get('/ServiceProviderConfig', async (request, reply) => {
    const { attributes } = request.query as { readonly attributes?: unknown };
    return send(reply, serviceProviderConfig(contextOf(request).baseUrl, attributes));
  });
  for (const [path, resources] of [
    ['/ResourceTypes', resourceTypes],
    ['/Schemas', schemaResources],
  ] as const) {
    routes.get(path, async (request, reply) => {
      refuseFilter(request);
      const all = resources(contextOf(request).baseUrl);
      return sendList(reply, { totalResults: all.length, startIndex: 1, resources: all });
    });
    routes.get(`${path}/:id`, async (request, reply) => {
      const { id } = request.params as { readonly id: string };
      const all: readonly { readonly id: string }[] = resources(contextOf(request).baseUrl);
      const found = all.find((each) => each.id.toLowerCase() === id.toLowerCase());
      if (found === undefined) throw new ScimError(404, null, 'There is nothing here.');
      return send(reply, found);
    });
  }
}

/** RFC 7644, section 4: a filter on these is refused. */
function refuseFilter(request: FastifyRequest): void {
  const { filter } = request.query as { readonly filter?: unknown };
  if (filter !== undefined) throw new ScimError(403, null, 'These can not be filtered.');
}
