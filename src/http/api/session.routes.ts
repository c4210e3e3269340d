import { z } from 'zod';
import { tokenJson, tokenSchema } from '../../presenters/token.ts';
import { refuseExpired } from '../auth/expired.ts';
import { beginSession, endSession, type SignInOptions } from '../ops/sign-in.routes.ts';
import { Unauthenticated } from '../problem.ts';
import { type ApiServer, apiPrefix } from './shared.ts';

/** Signing in with an access token for a cookie, for browsers; scripts send the token itself. */
export function addSessionRoutes(app: ApiServer, options: SignInOptions): void {
  const url = `${apiPrefix}/session`;

  app.route({
    method: 'POST',
    url,
    schema: {
      operationId: 'signIn',
      summary: 'Sign in: an access token for a cookie',
      body: z.strictObject({ token: z.string().trim().min(1).max(500) }),
      response: { 200: tokenSchema },
    },
    async handler(request, reply) {
      const token = await options.tokens.bySecret(request.body.token);
      if (token === null) {
        await options.countFailure(request);
        throw new Unauthenticated('This is not an access token of Rollcall, or it was revoked.');
      }
      refuseExpired(token, options.clock.now());
      await beginSession(options, token, { request, reply });
      return tokenJson(token);
    },
  });

  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'whoAmI',
      summary: 'Read the token that is signed in',
      response: { 200: tokenSchema },
    },
    async handler({ signedIn }) {
      if (signedIn === null) throw new Unauthenticated('The request is not signed in.');
      return tokenJson(signedIn);
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
