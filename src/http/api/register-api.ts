import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Checks } from '../../observability/health.ts';
import { limitRoutes, limitToken } from '../auth/limits.ts';
import { sessionCookieName } from '../auth/session.ts';
import { sendProblem } from '../problem.ts';
import { addActivityRoute } from './activity.routes.ts';
import { addAlertRoutes } from './alerts.routes.ts';
import { addAttentionRoute } from './attention.routes.ts';
import { addAuditRoutes } from './audit.routes.ts';
import { addConfigurationRoutes } from './configuration.routes.ts';
import { addCriteriaEventsRoute } from './criteria-events.routes.ts';
import { describeRoute, describeShapes, requireSchemas } from './describe.ts';
import { addDirectoryRoutes } from './directories.routes.ts';
import { addDomainRoutes } from './domains.routes.ts';
import { addGroupRoutes } from './groups.routes.ts';
import { addMailRoutes } from './mail.routes.ts';
import { addMemberInsightRoutes } from './member-insights.routes.ts';
import { addMemberRoutes } from './members.routes.ts';
import { addMemberSearchRoutes } from './members-search.routes.ts';
import { addOidcRoutes, type OidcOptions } from './oidc.routes.ts';
import { addOwnersRoute } from './owners.routes.ts';
import { addPeopleRoutes } from './people.routes.ts';
import { addRecordRoutes } from './records.routes.ts';
import { type ApiDocument, referencePage, referencePolicy } from './reference.page.ts';
import { addRevisionRoutes } from './revisions.routes.ts';
import { addRunEventsRoute } from './run-events.routes.ts';
import { addRunRoutes, type RunOptions } from './runs.routes.ts';
import { addSampleRoutes } from './sample.routes.ts';
import { addScheduleRoutes } from './schedule.routes.ts';
import { shapeAnswer } from './serialize.ts';
import { addSessionRoutes } from './session.routes.ts';
import { type ApiServer, apiPrefix, describeSection } from './shared.ts';
import { addSourceRoutes } from './source.routes.ts';
import { addStoreRoutes } from './stores.routes.ts';
import { createStreams, type Streams } from './streams.ts';
import { addSystemRoute, type ServiceVersions } from './system.routes.ts';
import { addTokenRoutes } from './tokens.routes.ts';
import { addWatchRoute } from './watch.routes.ts';

export interface ApiOptions extends OidcOptions, RunOptions {
  /** After how long without a sync a store is reported. */
  readonly staleMs: number;
  readonly checks: Checks;
  /** The versions of the services; null where one does not say. */
  readonly serviceVersions: ServiceVersions;
}

/** A script that sends requests as fast as it can must not delay the requests of others. */
const requestsPerMinute = 1_200;

/** The routes by their section of the reference. */
function sections(
  options: ApiOptions & { readonly streams: Streams },
): readonly (readonly [string, (api: ApiServer) => void])[] {
  const { ports, publicUrl, staleMs, streams } = options;
  return [
    ['Session', (api) => addSessionRoutes(api, options)],
    ['Session', (api) => addOidcRoutes(api, options)],
    ['People', (api) => addPeopleRoutes(api, ports)],
    ['Tokens', (api) => addTokenRoutes(api, ports)],
    ['Stores', (api) => addDirectoryRoutes(api, ports)],
    ['Overview', (api) => addAttentionRoute(api, ports, staleMs)],
    ['Overview', (api) => addWatchRoute(api, ports, { staleMs, streams })],
    ['Overview', (api) => addActivityRoute(api, ports)],
    ['Stores', (api) => addOwnersRoute(api, ports)],
    ['Stores', (api) => addStoreRoutes(api, ports, publicUrl)],
    ['Groups', (api) => addGroupRoutes(api, ports)],
    ['Configuration', (api) => addConfigurationRoutes(api, ports)],
    ['Configuration', (api) => addRevisionRoutes(api, ports)],
    ['Runs', (api) => addRunRoutes(api, options)],
    ['Runs', (api) => addRecordRoutes(api, ports)],
    ['Runs', (api) => addRunEventsRoute(api, options, streams)],
    ['Members', (api) => addMemberRoutes(api, ports)],
    ['Members', (api) => addMemberSearchRoutes(api, ports)],
    ['Members', (api) => addMemberInsightRoutes(api, ports)],
    ['Trying out', (api) => addSourceRoutes(api, ports)],
    ['Trying out', (api) => addCriteriaEventsRoute(api, ports)],
    ['Trying out', (api) => addSampleRoutes(api, ports)],
    ['Trying out', (api) => addScheduleRoutes(api, ports)],
    ['System', (api) => addSystemRoute(api, { ...options, requestsPerMinute })],
    ['Mail', (api) => addAlertRoutes(api, ports, publicUrl)],
    ['Mail', (api) => addMailRoutes(api, ports)],
    ['Mail', (api) => addDomainRoutes(api, ports)],
    ['Audit', (api) => addAuditRoutes(api, ports)],
  ];
}

/** The HTTP API, version 1: every route's zod schemas check requests, shape answers, and describe both. */
export async function registerApi(app: FastifyInstance, options: ApiOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rollcall',
        version: '1',
        description: 'Keeps an organization’s members true to its directory.',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'An access token.' },
          session: { type: 'apiKey', in: 'cookie', name: sessionCookieName(options.publicUrl) },
        },
      },
    },
    hideUntagged: true,
    transform: describeRoute,
    transformObject: describeShapes,
  });
  const routes: FastifyPluginAsync = async (plugin) => {
    const api: ApiServer = plugin.withTypeProvider<ZodTypeProvider>();
    api.setValidatorCompiler(validatorCompiler);
    api.setSerializerCompiler(shapeAnswer);
    // JSON alone: what forms can send, another site's form could.
    api.removeContentTypeParser(['text/plain', 'application/x-www-form-urlencoded']);
    const countRequest = limitToken(api, { max: requestsPerMinute, what: 'requests' });
    api.addHook('onRequest', async (request, reply) => {
      try {
        void reply.header('cache-control', 'no-store');
        await countRequest(request);
      } catch (error) {
        return sendProblem(error, request, reply);
      }
    });
    const streams = createStreams(api);
    limitRoutes(api as unknown as FastifyInstance);
    for (const [tag, add] of sections({ ...options, streams })) {
      await api.register((section, _options, done) => {
        describeSection(section, tag);
        requireSchemas(section);
        add(section.withTypeProvider<ZodTypeProvider>());
        done();
      });
    }
    api.get(`${apiPrefix}/openapi.json`, { schema: { hide: true } }, async (_request, reply) =>
      reply.type('application/json; charset=utf-8').send(JSON.stringify(app.swagger())),
    );
    api.get('/api/docs', { schema: { hide: true } }, async (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', referencePolicy)
        .send(referencePage(app.swagger() as ApiDocument)),
    );
  };
  await app.register(routes);
}
