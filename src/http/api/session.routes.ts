import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { principalOfToken } from '../../core/model/person.ts';
import { nameOf } from '../../manage/access/sessions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { IdentityProvider } from '../../ports/identity-provider.ts';
import type { TokenStore } from '../../ports/tokens.ts';
import { sessionJson, sessionSchema } from '../../presenters/person.ts';
import { refuseExpired } from '../auth/expired.ts';
import { beginSession, endSession, type SessionOptions } from '../auth/session.ts';
import { Unauthenticated } from '../problem.ts';
import { type ApiServer, apiPrefix } from './shared.ts';

export interface SignInOptions extends SessionOptions {
  readonly tokens: Pick<TokenStore, 'bySecret'>;
  readonly clock: Clock;
  readonly provider: IdentityProvider | null;
  /** Counts wrong tokens by client address; `TooManyRequests` when there are too many. */
  readonly countFailure: (request: FastifyRequest) => Promise<void>;
}

/** Signing in with an access token for a cookie, for browsers; scripts send the token itself. */
export function addSessionRoutes(app: ApiServer, options: SignInOptions): void {
  const url = `${apiPrefix}/session`;

  app.route({
    method: 'GET',
    url: `${apiPrefix}/sign-in`,
    schema: {
      operationId: 'waysToSignIn',
      summary: 'See how people can sign in',
      response: {
        200: z.object({
          provider: z
            .object({ name: z.string(), startAt: z.string() })
            .nullable()
            .meta({ description: 'Where people sign in as themselves; null: with tokens alone.' }),
        }),
      },
    },
    handler: async () => ({
      provider:
        options.provider === null ? null : { name: options.provider.label, startAt: `${url}/oidc` },
    }),
  });

  app.route({
    method: 'POST',
    url,
    schema: {
      operationId: 'signIn',
      summary: 'Sign in: an access token for a cookie',
      body: z.strictObject({ token: z.string().trim().min(1).max(500) }),
      response: { 200: sessionSchema },
    },
    async handler(request, reply) {
      const token = await options.tokens.bySecret(request.body.token);
      if (token === null) {
        await options.countFailure(request);
        throw new Unauthenticated('This is not an access token of Rollcall, or it was revoked.');
      }
      refuseExpired(token, options.clock.now());
      const principal = principalOfToken(token);
      const session = await beginSession(options, principal, { request, reply });
      return sessionJson(principal, { actor: nameOf(principal), session });
    },
  });

  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'whoAmI',
      summary: 'Read who is signed in, and until when',
      response: { 200: sessionSchema },
    },
    async handler({ signedIn, session }) {
      if (signedIn === null) throw new Unauthenticated('The request is not signed in.');
      return sessionJson(signedIn, { actor: nameOf(signedIn), session });
    },
  });

  app.route({
    method: 'DELETE',
    url,
    schema: {
      operationId: 'signOut',
      summary: 'Sign out',
      response: { 204: z.undefined().meta({ description: 'The session is over.' }) },
    },
    async handler(request, reply) {
      await endSession(options, request, reply);
      return reply.code(204).send();
    },
  });
}
