import { z } from 'zod';
import { nameOfUser } from '../../manage/access/sessions.ts';
import { endSessionsOf } from '../../manage/access/sign-in-person.ts';
import type { Ports } from '../../ports/index.ts';
import { personJson, personSchema } from '../../presenters/person.ts';
import {
  type ApiServer,
  actorOf,
  apiPrefix,
  idText,
  listOf,
  pageOf,
  pageQuery,
  readCursor,
} from './shared.ts';

const url = `${apiPrefix}/people`;

/** People who signed in as themselves. */
export function addPeopleRoutes(
  app: ApiServer,
  ports: Pick<Ports, 'people' | 'sessions' | 'audit'>,
): void {
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'listPeople',
      summary: 'List the people who signed in as themselves: who the actors `user:<id>` are',
      querystring: z.strictObject(pageQuery),
      response: { 200: listOf(personSchema) },
    },
    async handler({ query: { limit, cursor } }) {
      const after = readCursor('people', cursor);
      const read = await ports.people.list({ limit: limit + 1, after });
      const counts = await ports.sessions.countOf(read.map(({ id }) => id));
      return pageOf('people', read, {
        limit,
        keyOf: ({ id }) => id,
        item: (person) =>
          personJson(person, {
            actor: nameOfUser(person.id),
            sessions: counts.get(person.id) ?? 0,
          }),
      });
    },
  });

  app.route({
    method: 'DELETE',
    url: `${url}/:personId/sessions`,
    schema: {
      operationId: 'endSessions',
      summary: 'End all sessions of a person; the lists of the settings say who may sign in again',
      params: z.object({ personId: idText }),
      response: { 200: z.object({ ended: z.int() }) },
    },
    async handler(request) {
      const { ended } = await endSessionsOf(ports, request.params.personId, actorOf(request));
      return { ended };
    },
  });
}
