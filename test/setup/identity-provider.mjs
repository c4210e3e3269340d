/*
 * An OpenID Connect provider as a process of its own, for tests: `node identity-provider.mjs REDIRECT_URI`. It prints its
 * address. People sign in by choosing one of the accounts that the test has set at /test.
 */
import { createServer } from 'node:http';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { Provider } from 'oidc-provider';

const [, , redirectUri] = process.argv;
const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const key = { ...(await exportJWK(privateKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
const stranger = (await generateKeyPair('RS256')).privateKey;

/** Accounts by their subject, and what replaces claims of the next ID tokens. */
const state = { accounts: {}, tamper: null };

const server = createServer();
// A connection that a test keeps must not be closed under its next request.
server.keepAliveTimeout = 600_000;
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'rollcall',
      client_secret: 'client-secret',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
    },
  ],
  jwks: { keys: [key] },
  cookies: { keys: ['test'] },
  claims: {
    openid: ['sub', '_claim_names'],
    email: ['email', 'email_verified'],
    profile: ['name'],
    groups: ['groups'],
  },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  issueRefreshToken: () => true,
  async findAccount(_ctx, sub) {
    const claims = state.accounts[sub];
    return claims && { accountId: sub, claims: async () => ({ sub, ...claims }) };
  },
  async loadExistingGrant(ctx) {
    const { session, client, params } = ctx.oidc;
    const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
    grant.addOIDCScope(params.scope);
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  await next();
  if (ctx.oidc?.route !== 'token' || !ctx.body?.id_token || state.tamper === null) return;
  ctx.body.id_token = await tampered(ctx.body.id_token, state.tamper);
});

function tampered(token, { claims, signedBy }) {
  const changed = { ...decodeJwt(token), ...claims };
  if (signedBy === 'none') return new UnsecuredJWT(changed).encode();
  return sign(changed, signedBy === 'stranger' ? stranger : privateKey);
}

const sign = (claims, by, header = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(by);

async function textOf(request) {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

async function chooseAccount(request, response) {
  if (request.method === 'POST') {
    const accountId = new URLSearchParams(await textOf(request)).get('account');
    return provider.interactionFinished(request, response, { login: { accountId } });
  }
  const buttons = Object.entries(state.accounts).map(
    ([sub, { name }]) =>
      `<button name="account" value="${sub}">Continue as ${name ?? sub}</button>`,
  );
  return response
    .writeHead(200, { 'content-type': 'text/html' })
    .end(`<title>Provider</title><form method="post">${buttons.join('')}</form>`);
}

async function control(request, response) {
  const asked = JSON.parse(await textOf(request));
  if (request.url === '/test/token') {
    const by = asked.signedBy === 'stranger' ? stranger : privateKey;
    const token =
      asked.signedBy === 'none'
        ? new UnsecuredJWT(asked.claims).encode()
        : await sign(asked.claims, by, { typ: 'logout+jwt' });
    return response.end(token);
  }
  Object.assign(state, asked);
  return response.end();
}

const callback = provider.callback();
server.on('request', (request, response) => {
  if (request.url.startsWith('/test')) return void control(request, response);
  if (request.url.startsWith('/interaction/')) return void chooseAccount(request, response);
  return callback(request, response);
});
process.stdout.write(`${JSON.stringify({ issuer })}\n`);
process.on('disconnect', () => process.exit());
