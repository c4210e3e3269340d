import { loadConfig } from '../../../config/load.ts';
import { roleOf } from '../../../src/core/people/role-of.ts';

const required = {
  MONGODB_URI: 'mongodb://db.example',
  REDIS_URL: 'redis://redis.example',
  SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
};
const provider = {
  OIDC_ISSUER: 'https://acme.okta.com',
  OIDC_CLIENT_ID: 'rollcall',
  OIDC_CLIENT_SECRET: 'hush',
};
const load = (settings: NodeJS.ProcessEnv) => loadConfig({ ...required, ...settings });

describe('the settings of the provider', () => {
  it('are read as they are written', () => {
    expect(load({ ...provider, OIDC_GROUPS_CLAIM: 'roles' }).oidc).toEqual({
      issuer: 'https://acme.okta.com',
      clientId: 'rollcall',
      clientSecret: 'hush',
      groupsClaim: 'roles',
    });
  });

  it.each(['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'])('need %s', (name) => {
    expect(() => load({ ...provider, [name]: '' })).toThrow(
      new RegExp(`${name}: missing.*Or take OIDC_ISSUER away`),
    );
  });

  it.each([
    'https://login.microsoftonline.com/common/v2.0',
    'https://login.microsoftonline.com/Organizations/v2.0',
    'https://login.microsoftonline.com/consumers/v2.0',
    'https://login.microsoftonline.com/%63ommon/v2.0',
    'https://login.microsoftonline.com/{tenantid}/v2.0',
    'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
    'https://login.microsoftonline.us/common/v2.0',
    'https://sts.windows.net/common/',
  ])('refuse the issuer of many tenants %s', (issuer) => {
    expect(() => load({ ...provider, OIDC_ISSUER: issuer })).toThrow(
      'is the issuer of many tenants',
    );
  });

  it.each([
    'http://idp.example.com',
    'ftp://idp.example.com',
    'idp',
    'https://a@b.test',
    'https://b.test?x',
  ])('refuse the issuer %s', (issuer) => {
    expect(() => load({ ...provider, OIDC_ISSUER: issuer })).toThrow('OIDC_ISSUER: ');
  });

  it.each([
    'http://127.0.0.1:9000',
    'http://[::1]:9000',
    'https://login.microsoftonline.com/4c1a/v2.0',
  ])('take the issuer %s', (issuer) => {
    expect(load({ ...provider, OIDC_ISSUER: issuer }).oidc?.issuer).toBe(issuer);
  });

  it.each(['ada', 'group:', '@', 'a b@c.test', 'ada@acme.test,,'])('refuse the list %j', (list) => {
    expect(() => load({ OIDC_OWNERS: list })).toThrow(/OIDC_OWNERS: entry \d is no address/);
  });
});

describe('the role of a person', () => {
  const { roles } = load({
    ...provider,
    OIDC_OWNERS: 'ada@acme.test, group:it',
    OIDC_ADMINS: '@acme.test',
    OIDC_VIEWERS: 'group:Everyone, ada@acme.test',
  });
  const person = { address: null, isVerified: true, name: null, groups: [] };

  it.each([
    [{ address: 'ada@acme.test' }, 'owner'],
    [{ address: 'bob@acme.test' }, 'admin'],
    [{ groups: ['Everyone'] }, 'viewer'],
    [{ groups: ['Everyone', 'it'] }, 'owner'],
    [{ address: 'ada@acme.test', isVerified: false }, null],
    [{ address: 'ada@acme.test', isVerified: false, groups: ['Everyone'] }, 'viewer'],
    [{ address: 'ADA@other.test' }, null],
    [{ address: 'eve@sub.acme.test' }, null],
    [{ address: 'eve@evilacme.test' }, null],
    [{ address: 'eve@acme.test@evil.test' }, null],
    [{ address: 'acme.test' }, null],
    [{ groups: ['IT'] }, null],
  ])('of %j is %s', (claims, role) => {
    expect(roleOf({ ...person, ...claims }, roles)).toBe(role);
  });
});
