import { createRemoteJWKSet, customFetch as joseFetch, jwtVerify } from 'jose';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
} from 'openid-client';
import { Unavailable } from '../core/errors.ts';
import type { WayTo } from '../outgoing/ways.ts';
import { type IdentityProvider, SignInRefused } from '../ports/identity-provider.ts';
import { type RawClaims, readClaims, tellsGroups } from './claims.ts';
import { labelOf } from './label.ts';
import { createProviderFetch } from './provider-fetch.ts';

export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly groupsClaim: string;
}

/** Asked for where the provider knows them: some give groups, or a refresh token, for their own scope alone. */
const optionalScopes = ['email', 'profile', 'groups', 'offline_access'];

/** No symmetric algorithm, and not `none`. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
const clockSkewSeconds = 30;

/** People sign in by OpenID Connect: a code with PKCE, and an ID token whose signature is checked. */
export function createIdentityProvider(settings: ProviderSettings, wayTo: WayTo): IdentityProvider {
  const { issuer, clientId, clientSecret, groupsClaim } = settings;
  const fetchFromProvider = createProviderFetch(wayTo);
  let discovered: Promise<Configuration> | null = null;

  /** Discovery is done once; a failed one is done again at the next use. */
  function configuration(): Promise<Configuration> {
    discovered ??= discover().catch((error: unknown) => {
      discovered = null;
      throw unavailable(error);
    });
    return discovered;
  }

  function discover(): Promise<Configuration> {
    const isPlain = issuer.startsWith('http:');
    return discovery(new URL(issuer), clientId, undefined, ClientSecretBasic(clientSecret), {
      [customFetch]: fetchFromProvider,
      // Signatures are checked also of tokens that come straight from the provider.
      execute: [enableNonRepudiationChecks, ...(isPlain ? [allowInsecureRequests] : [])],
    });
  }

  /** What the ID token says; what it leaves out is asked for. */
  async function allClaims(
    config: Configuration,
    token: RawClaims | undefined,
    { accessToken, sub }: { readonly accessToken: string; readonly sub: string },
  ): Promise<RawClaims> {
    const isWhole = ['email', 'email_verified', groupsClaim].every(
      (claim) => token?.[claim] !== undefined,
    );
    if (isWhole || config.serverMetadata().userinfo_endpoint === undefined) return token ?? {};
    return { ...(await fetchUserInfo(config, accessToken, sub)), ...token };
  }

  return {
    label: labelOf(issuer),

    async begin(redirectUri) {
      const config = await configuration();
      const begun = {
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
      };
      const known = config.serverMetadata().scopes_supported ?? ['email', 'profile'];
      const scopes = ['openid', ...optionalScopes.filter((scope) => known.includes(scope))];
      const url = buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: await calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, begun };
    },

    async finish(url, begun) {
      const config = await configuration();
      return refusing(async () => {
        const tokens = await authorizationCodeGrant(config, url, {
          expectedState: begun.state,
          expectedNonce: begun.nonce,
          pkceCodeVerifier: begun.verifier,
          idTokenExpected: true,
        });
        const token = tokens.claims();
        if (token === undefined) throw new Error('there is no ID token');
        const { sub } = token;
        const raw = await allClaims(config, token, { accessToken: tokens.access_token, sub });
        const sid = typeof token['sid'] === 'string' ? token['sid'] : null;
        const refreshToken = tokens.refresh_token ?? null;
        return { issuer, sub, sid, claims: readClaims(raw, groupsClaim), refreshToken };
      });
    },

    async renew({ refreshToken, sub }) {
      const config = await configuration();
      return refusing(async () => {
        const tokens = await refreshTokenGrant(config, refreshToken).catch(notRefused);
        const token = tokens.claims();
        if (token !== undefined && token.sub !== sub)
          throw new Error('the token is of another person');
        const raw = await allClaims(config, token, { accessToken: tokens.access_token, sub });
        return {
          claims: readClaims(raw, groupsClaim),
          // An ID token names all groups; what is asked for instead may leave them out.
          isWhole: token !== undefined || tellsGroups(raw, groupsClaim),
          refreshToken: tokens.refresh_token ?? null,
        };
      });
    },

    async readLogout(text) {
      const config = await configuration();
      const { jwks_uri: keys = '' } = config.serverMetadata();
      return refusing(async () => {
        const keySet = createRemoteJWKSet(new URL(keys), { [joseFetch]: fetchFromProvider });
        const { payload } = await jwtVerify(text, keySet, {
          issuer,
          audience: clientId,
          algorithms,
          clockTolerance: clockSkewSeconds,
          requiredClaims: ['iat', 'exp', 'jti', 'events'],
        });
        const { sub = null, sid = null, jti, exp, events, nonce } = payload;
        const hasEvent =
          typeof events === 'object' && events !== null && Object.hasOwn(events, logoutEvent);
        if (!hasEvent) throw new Error('it is no token for signing out');
        if (nonce !== undefined) throw new Error('it has a nonce');
        if (sub === null && typeof sid !== 'string')
          throw new Error('it names no person and no session');
        return {
          issuer,
          sub,
          sid: typeof sid === 'string' ? sid : null,
          jti: String(jti),
          expiresAt: new Date((Number(exp) + clockSkewSeconds) * 1000),
        };
      });
    },
  };
}

/** `SignInRefused` for whatever is wrong with what the provider or the browser sent. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const away = awayIn(error);
    if (away !== null) throw away;
    if (error instanceof SignInRefused) throw error;
    const said = error instanceof ResponseBodyError ? `${error.error}` : messageOf(error);
    throw new SignInRefused('failed', `The sign-in could not be completed: ${said}.`, {
      cause: error,
    });
  }
}

/** Only this code says that the person is refused; any other, that the question was. */
function notRefused(error: unknown): never {
  if (error instanceof ResponseBodyError && error.error !== 'invalid_grant') {
    const message = `The provider of OIDC_ISSUER refused a question: ${error.error}.`;
    throw new Unavailable(message, { cause: error });
  }
  throw error;
}

function unavailable(error: unknown): Unavailable {
  const away = awayIn(error);
  if (away !== null) return away;
  const message = `The metadata of OIDC_ISSUER can't be used: ${messageOf(error)}.`;
  return new Unavailable(message, { cause: error });
}

/** The libraries wrap what the way to the provider threw. */
function awayIn(error: unknown): Unavailable | null {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof Unavailable) return at;
  return null;
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.replace(/\.$/, '').slice(0, 300) : 'unknown reason';
