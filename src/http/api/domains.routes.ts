import { z } from 'zod';
import { addDomain, removeDomain, verifyDomain } from '../../manage/mail/domains.ts';
import type { Ports } from '../../ports/index.ts';
import { domainJson, domainSchema } from '../../presenters/mail-domain.ts';
import { type ApiServer, actorOf, apiPrefix, listOf } from './shared.ts';

const url = `${apiPrefix}/domains`;
const domainName = z.string().min(1).max(256);
const params = z.object({ domain: domainName });

/** The domains whose addresses may get mail. */
export function addDomainRoutes(
  app: ApiServer,
  ports: Pick<Ports, 'domains' | 'lookUpTxt' | 'alerts' | 'audit' | 'clock'>,
): void {
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'listDomains',
      summary: 'List domains, with the record that verifies each',
      response: { 200: listOf(domainSchema) },
    },
    handler: async () => ({ items: (await ports.domains.list()).map(domainJson), next: null }),
  });

  app.route({
    method: 'POST',
    url,
    schema: {
      operationId: 'addDomain',
      summary: 'Add a domain; the answer says which DNS record verifies it',
      body: z.strictObject({ domain: domainName }),
      response: { 201: domainSchema },
    },
    async handler(request, reply) {
      const domain = await addDomain(ports, request.body.domain, actorOf(request));
      return reply.code(201).send(domainJson(domain));
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/:domain/verify`,
    schema: {
      operationId: 'verifyDomain',
      summary: 'Look the record of a domain up now; its status says whether it is verified',
      params,
      response: { 200: domainSchema },
    },
    handler: async (request) =>
      domainJson(await verifyDomain(ports, request.params.domain, actorOf(request))),
  });

  app.route({
    method: 'DELETE',
    url: `${url}/:domain`,
    schema: {
      operationId: 'removeDomain',
      summary: 'Remove a domain: its addresses get no more mail',
      params,
      response: { 204: z.undefined().meta({ description: 'The domain is removed.' }) },
    },
    async handler(request, reply) {
      await removeDomain(ports, request.params.domain, actorOf(request));
      return reply.code(204).send();
    },
  });
}
