import { z } from 'zod';
import { aboutStore, audited } from '../../manage/audit/audited.ts';
import { findStoreById } from '../../manage/find.ts';
import {
  mostSampled,
  type Sample,
  samplePerson,
  sampleSource,
  searchGroups,
} from '../../manage/stores/sample-source.ts';
import type { Ports } from '../../ports/index.ts';
import { type ApiServer, actorOf, apiPrefix, storeParams } from './shared.ts';

const url = `${apiPrefix}/stores/:storeId`;

const sampleSchema = z
  .object({
    users: z.array(
      z.object({
        externalId: z.string(),
        state: z.enum(['ACTIVATED', 'STAGED', 'SUSPENDED']),
        record: z.record(z.string(), z.unknown()),
        custom: z.record(z.string(), z.unknown()),
      }),
    ),
    cut: z.boolean().meta({ description: 'Whether users were left out: 256 KiB are the most.' }),
  })
  .meta({
    id: 'Sample',
    description:
      'Users as the source has them: what a mapping can read, without secrets, without texts of more than 1,000 characters.',
  });

const sampleJson = ({ users, cut }: Sample): z.output<typeof sampleSchema> => ({
  users: users.map(({ externalId, state, record, custom }) => ({
    externalId,
    state,
    record: { ...record },
    custom: { ...custom },
  })),
  cut,
});

/** What forms show of the directory: a few users, and its groups. */
export function addSampleRoutes(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'GET',
    url: `${url}/sample`,
    schema: {
      operationId: 'sampleUsers',
      summary: 'Read the first few users as the source has them, to try a mapping on; audited',
      params: storeParams,
      querystring: z.strictObject({
        limit: z.coerce.number().int().min(1).max(mostSampled).default(20),
      }),
      response: { 200: sampleSchema },
    },
    async handler(request) {
      const store = await findStoreById(ports, request.params.storeId);
      const about = {
        actor: actorOf(request),
        action: 'users-sampled',
        ...aboutStore(store),
      } as const;
      return sampleJson(
        await audited(ports, about, () => sampleSource(ports, store, request.query.limit)),
      );
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/sample`,
    schema: {
      operationId: 'samplePerson',
      summary: 'Read the users with one address as the source has them; audited',
      params: storeParams,
      body: z.strictObject({ email: z.string().min(3).max(320) }),
      response: { 200: sampleSchema },
    },
    async handler(request) {
      const store = await findStoreById(ports, request.params.storeId);
      const about = {
        actor: actorOf(request),
        action: 'users-sampled',
        ...aboutStore(store),
      } as const;
      return sampleJson(
        await audited(ports, about, () => samplePerson(ports, store, request.body.email)),
      );
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/groups/search`,
    schema: {
      operationId: 'searchGroups',
      summary: 'Find groups by a part of their name, in the directory or among those pushed',
      params: storeParams,
      body: z.strictObject({
        name: z.string().max(256).default(''),
        limit: z.int().min(1).max(50).default(20),
      }),
      response: {
        200: z.object({
          groups: z.array(
            z.object({
              id: z.string(),
              name: z.string(),
              members: z.int().nullable().meta({ description: 'Null where it must be asked for.' }),
            }),
          ),
          more: z.boolean().meta({ description: 'Whether there may be more of that name.' }),
        }),
      },
    },
    async handler({ params, body }) {
      const store = await findStoreById(ports, params.storeId);
      const { groups, more } = await searchGroups(ports, store, body);
      const counts =
        store.via === 'scim'
          ? await ports.scim.groups.memberCounts(
              store.id,
              groups.map(({ id }) => id),
            )
          : null;
      return {
        groups: groups.map(({ id, name }) => ({
          id,
          name,
          members: counts === null ? null : (counts.get(id) ?? 0),
        })),
        more,
      };
    },
  });
}
