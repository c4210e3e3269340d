import { z } from 'zod';
import { InvalidInput } from '../../core/errors.ts';
import { isObject } from '../../core/model/source-user.ts';
import {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type SignIn,
} from '../http/client.ts';

interface ServiceAccount {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Signs in with an administrator's key (`x-api-key`). */
export function signInByKey(apiKey: string): SignIn {
  checkHeaderText(apiKey, 'API key');
  return { headers: async () => ({ 'x-api-key': apiKey }), secrets: [apiKey] };
}

/**
 * Signs in as a service account: OAuth 2 client credentials, scope `api`, HTTP Basic. The token is kept until shortly
 * before it expires, or until it is refused; requests that need one at the same time share one.
 * `client` reaches the token host.
 */
export function signInAsServiceAccount(
  account: ServiceAccount,
  client: Omit<HttpClientOptions, 'signIn'>,
): SignIn {
  checkHeaderText(account.clientId, 'client id');
  checkHeaderText(account.clientSecret, 'client secret');
  const oauth = createHttpClient({ ...client, signIn: signInByBasic(account) });
  let token: Token | null = null;
  let pending: Promise<Token> | null = null;

  async function currentToken(): Promise<Token> {
    if (token !== null && client.now() < token.staleAtMs) return token;
    pending ??= fetchToken(oauth, client.now).finally(() => {
      pending = null;
    });
    token = await pending;
    return token;
  }

  return {
    headers: async () => ({ authorization: (await currentToken()).authorization }),
    secrets: [account.clientSecret],
    renew(refused) {
      if (token?.authorization === refused['authorization']) token = null;
    },
  };
}

function signInByBasic({ clientId, clientSecret }: ServiceAccount): SignIn {
  const pair = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  return { headers: async () => ({ authorization: `Basic ${pair}` }), secrets: [clientSecret] };
}

interface Token {
  readonly authorization: string;
  readonly staleAtMs: number;
}

const tokenSchema = z.object({
  access_token: z.string().min(1).max(8192),
  expires_in: z.number().positive().catch(3600),
});

const longestMarginMs = 60_000;

function fetchToken(oauth: HttpClient, now: () => number): Promise<Token> {
  return oauth.get({
    route: '/oauth2/token',
    form: { grant_type: 'client_credentials', scope: 'api' },
    // RFC 6749, 5.2. Any other refusal may be about the request or the moment.
    provesRefusal: (body) => isObject(body) && body['error'] === 'invalid_client',
    read: (body) => {
      const token = tokenSchema.safeParse(body).data;
      if (token === undefined) return undefined;
      const lifeMs = token.expires_in * 1000;
      // Renewed a little early, so that no token expires on its way.
      const staleAtMs = now() + lifeMs - Math.min(longestMarginMs, lifeMs / 10);
      return { authorization: `Bearer ${token.access_token}`, staleAtMs };
    },
  });
}

/** Header text must be visible ASCII; anything else is a copying error. */
export function checkHeaderText(text: string, what: string): void {
  if (text === '') throw new InvalidInput(`the ${what} is empty`);
  if (/[^\x21-\x7e]/.test(text)) {
    throw new InvalidInput(
      `the ${what} has a space, a line break or a character outside ASCII in it`,
      {
        hint: 'Copy it again, without anything around it.',
      },
    );
  }
}
