import { z } from 'zod';
import { tokenRoles } from '../../core/model/token.ts';
import { createToken, revokeToken } from '../../manage/access/tokens.ts';
import type { Ports } from '../../ports/index.ts';
import { tokenJson, tokenSchema } from '../../presenters/token.ts';
import { type ApiServer, actorOf, apiPrefix, idText, listOf, tokenLife } from './shared.ts';

const url = `${apiPrefix}/tokens`;

/** Access tokens and their roles. */
export function addTokenRoutes(
  app: ApiServer,
  ports: Pick<Ports, 'tokens' | 'audit' | 'leases' | 'clock'>,
): void {
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'listTokens',
      summary: 'List access tokens, without their secrets',
      response: { 200: listOf(tokenSchema) },
    },
    handler: async () => ({ items: (await ports.tokens.list()).map(tokenJson), next: null }),
  });

  app.route({
    method: 'POST',
    url,
    schema: {
      operationId: 'createToken',
      summary: 'Make an access token; its secret is returned this once',
      body: z.strictObject({
        name: z.string().max(256),
        role: z.enum(tokenRoles),
        expiresInMs: tokenLife,
      }),
      response: {
        201: tokenSchema.extend({ token: z.string().meta({ description: 'The secret.' }) }),
      },
    },
    async handler(request, reply) {
      const { token, secret } = await createToken(ports, request.body, actorOf(request));
      return reply.code(201).send({ ...tokenJson(token), token: secret });
    },
  });

  app.route({
    method: 'DELETE',
    url: `${url}/:tokenId`,
    schema: {
      operationId: 'revokeToken',
      summary: 'End an access token, and the sessions begun with it; the last owner stays',
      params: z.object({ tokenId: idText }),
      response: { 204: z.undefined().meta({ description: 'The token is revoked.' }) },
    },
    async handler(request, reply) {
      await revokeToken(ports, request.params.tokenId, actorOf(request));
      return reply.code(204).send();
    },
  });
}
