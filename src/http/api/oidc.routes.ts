import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { NotFound, Unavailable } from '../../core/errors.ts';
import { endByProvider, signInPerson } from '../../manage/access/sign-in-person.ts';
import {
  type BegunSignIn,
  type IdentityProvider,
  SignInRefused,
} from '../../ports/identity-provider.ts';
import type { PersonStore } from '../../ports/people.ts';
import { cookieName, sendSession } from '../auth/session.ts';
import { Forbidden } from '../problem.ts';
import type { SignInOptions } from './session.routes.ts';
import { type ApiServer, apiPrefix } from './shared.ts';

export interface OidcOptions extends SignInOptions {
  readonly people: PersonStore;
}

const url = `${apiPrefix}/session/oidc`;
const loginMs = 10 * 60_000;

const moved = z.undefined().meta({ description: 'Redirects the browser.' });

/** What the browser keeps between the start and the callback. */
const begunSchema = z.strictObject({
  state: z.string().min(1).max(200),
  nonce: z.string().min(1).max(200),
  verifier: z.string().min(1).max(200),
});

/** Signing in as oneself at the provider, with a code and PKCE. */
export function addOidcRoutes(app: ApiServer, options: OidcOptions): void {
  const { provider, publicUrl } = options;
  addStart(app, { provider, publicUrl });
  addCallback(app, options);
  addLogout(app, options);
}

function addStart(
  app: ApiServer,
  { provider, publicUrl }: Pick<OidcOptions, 'provider' | 'publicUrl'>,
): void {
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'startSignIn',
      summary: 'Go to the provider to sign in there; for browsers',
      response: { 302: moved },
    },
    async handler(request, reply) {
      try {
        const { url: there, begun } = await known(provider).begin(`${publicUrl}${url}/callback`);
        void reply.setCookie(loginCookie(publicUrl), JSON.stringify(begun), {
          ...loginCookieOptions(publicUrl),
          maxAge: loginMs / 1000,
        });
        return await reply.redirect(there);
      } catch (error) {
        return failed(error, request, reply);
      }
    },
  });
}

function addCallback(app: ApiServer, options: OidcOptions): void {
  const { provider, publicUrl } = options;
  app.route({
    method: 'GET',
    url: `${url}/callback`,
    schema: {
      operationId: 'endSignIn',
      summary: 'Come back from the provider; for browsers',
      querystring: z.looseObject({
        code: z.string().max(8192).optional(),
        state: z.string().max(1000).optional(),
        iss: z.string().max(1000).optional(),
        error: z.string().max(1000).optional(),
      }),
      response: { 303: moved },
    },
    async handler(request, reply) {
      // It is used once, whatever comes of it.
      const begun = readLogin(request, publicUrl);
      void reply.clearCookie(loginCookie(publicUrl), loginCookieOptions(publicUrl));
      try {
        const { search } = new URL(request.url, publicUrl);
        const subject = await redeem(options, {
          provider: known(provider),
          begun,
          address: new URL(`${publicUrl}${url}/callback${search}`),
        });
        const { secret } = await signInPerson(options, subject, request.ip);
        sendSession(reply, secret, publicUrl);
        return await reply.redirect('/signed-in', 303);
      } catch (error) {
        return failed(error, request, reply);
      }
    },
  });
}

async function redeem(
  { sessions, clock }: OidcOptions,
  back: {
    readonly provider: IdentityProvider;
    readonly begun: BegunSignIn | null;
    readonly address: URL;
  },
) {
  const { provider, begun, address } = back;
  if (begun === null) {
    throw new SignInRefused(
      'failed',
      'This browser has begun no sign-in, or more than ten minutes ago.',
    );
  }
  if (address.searchParams.get('state') !== begun.state) {
    throw new SignInRefused('failed', 'The state is not that of the sign-in of this browser.');
  }
  const until = new Date(clock.now().getTime() + loginMs);
  if (!(await sessions.useOnce(`login:${begun.state}`, until))) {
    throw new SignInRefused('failed', 'This sign-in was completed before.');
  }
  return provider.finish(address, begun);
}

function addLogout(app: ApiServer, options: OidcOptions): void {
  // This scope alone takes a form: its sender is the provider, and the token in it is signed.
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 32 * 1024 },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body.toString())));
    },
  );
  app.route({
    method: 'POST',
    url: `${url}/logout`,
    schema: {
      operationId: 'endSessionsByProvider',
      summary:
        'End the sessions of a person; for the provider (OpenID Connect Back-Channel Logout)',
      body: z.object({ logout_token: z.string().min(1).max(16_384) }),
      response: { 204: z.undefined().meta({ description: 'The sessions are over.' }) },
    },
    async handler(request, reply) {
      try {
        const logout = await known(options.provider).readLogout(request.body.logout_token);
        await endByProvider(options, logout);
      } catch (error) {
        if (error instanceof SignInRefused) throw new Forbidden(error.message);
        throw error;
      }
      return reply.code(204).send();
    },
  });
}

function known(provider: IdentityProvider | null): IdentityProvider {
  if (provider !== null) return provider;
  throw new NotFound('People sign in with access tokens alone here.', {
    hint: 'OIDC_ISSUER names a provider that they can sign in with as themselves.',
  });
}

const loginCookie = (publicUrl: string): string => cookieName('rollcall_login', publicUrl);

/** Lax: the provider sends the browser back from its own site. */
function loginCookieOptions(publicUrl: string) {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl.startsWith('https:'),
    signed: true,
  } as const;
}

function readLogin(request: FastifyRequest, publicUrl: string): BegunSignIn | null {
  const cookie = request.cookies[loginCookie(publicUrl)];
  if (cookie === undefined) return null;
  const { valid, value } = request.unsignCookie(cookie);
  if (!valid) return null;
  const { data } = begunSchema.safeParse(JSON.parse(value));
  return data ?? null;
}

/** A browser is sent to the form to sign in, which says by a code what went wrong; others get a problem. */
function failed(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): never | FastifyReply {
  const isRefused = error instanceof SignInRefused;
  if (!isRefused && !(error instanceof Unavailable)) throw error;
  request.log.warn({ problem: error.message }, 'A sign-in at the provider failed.');
  if (request.headers.accept?.includes('text/html') === true) {
    return reply.redirect(`/sign-in#problem=${isRefused ? error.problem : 'away'}`, 303);
  }
  throw isRefused ? new Forbidden(error.message) : error;
}
