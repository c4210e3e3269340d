import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Answer, type ApiRequest, json, redirectToLogin } from './answer.ts';

export interface ServiceAccount {
  readonly clientId: string;
  readonly clientSecret: string;
}

interface CredentialsOptions {
  readonly apiKey: string;
  readonly serviceAccount: ServiceAccount;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The credentials of one administrator's key and one service account, and the tokens that were issued. A request with
 * neither is sent to the login page; a wrong key is a 401: both as measured on the real service, 2026-08.
 */
export class Credentials {
  readonly #options: CredentialsOptions;
  readonly #expiries = new Map<string, number>();
  #lifetimeSeconds = 3600;

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /** Null when the request is accepted. */
  refuse({ headers }: ApiRequest): Answer | null {
    const key = headers['x-api-key'];
    if (key !== undefined) {
      return same(key, this.#options.apiKey) ? null : unauthorized('api key user not found');
    }
    const [, token] = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
    if (token === undefined) return redirectToLogin();
    const expiry = this.#expiries.get(token);
    if (expiry === undefined) return unauthorized('access token is not known');
    if (expiry > this.#options.now()) return null;
    this.#expiries.delete(token);
    return unauthorized('access token expired');
  }

  /** `POST /oauth2/token`: client credentials to an access token. */
  issueToken({ headers, body }: ApiRequest): Answer {
    const form = new URLSearchParams(body);
    if (form.get('grant_type') !== 'client_credentials') {
      return oauthError(400, 'unsupported_grant_type', 'grant_type must be client_credentials');
    }
    const { serviceAccount, now } = this.#options;
    const expected = `${serviceAccount.clientId}:${serviceAccount.clientSecret}`;
    if (!same(basicCredentials(headers['authorization']), expected)) {
      return oauthError(401, 'invalid_client', 'client authentication failed');
    }
    const token = randomBytes(32).toString('base64url');
    this.#expiries.set(token, now() + this.#lifetimeSeconds * 1000);
    return json(200, {
      access_token: token,
      expires_in: this.#lifetimeSeconds,
      scope: form.get('scope') ?? 'api',
      token_type: 'bearer',
    });
  }

  /** The lifetime of tokens issued from now on. */
  setTokenLifetime(seconds: number): void {
    this.#lifetimeSeconds = seconds;
  }
}

function unauthorized(reason: string): Answer {
  return json(401, { error: 'Unauthorized', message: `Unauthorized: ${reason}` });
}

function oauthError(status: number, error: string, description: string): Answer {
  return json(status, { error, error_description: description });
}

/** `id:secret` out of an HTTP Basic header; both parts may be percent-encoded (RFC 6749, 2.3.1). */
function basicCredentials(header: string | undefined): string {
  const [, encoded = ''] = /^Basic +(\S+)$/i.exec(header ?? '') ?? [];
  const text = Buffer.from(encoded, 'base64').toString();
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function same(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
