import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../config/load.ts';
import { settingsSchema } from '../../../config/schema.ts';
import { ConfigError } from '../../../src/core/errors.ts';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const required = {
  MONGODB_URI: 'mongodb://ada:hunter2@db.example:27017',
  REDIS_URL: 'redis://:hunter2@redis.example:6379',
  SECRETS_KEYS: `k1:${key(1)}`,
};

function problemsOf(env: Record<string, string>, readFile?: (path: string) => string): string[] {
  try {
    loadConfig(env, readFile);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

describe('loadConfig', () => {
  it('fills in every default', () => {
    expect(loadConfig(required)).toEqual({
      mongodbUri: required.MONGODB_URI,
      mongodbDatabase: 'rollcall',
      redisUrl: required.REDIS_URL,
      redisPrefix: 'rollcall',
      secretsKeys: [{ id: 'k1', key: Buffer.alloc(32, 1) }],
      sourceOrigins: {},
      sourceRetryBudgetMs: 180_000,
      sourceRequestTimeoutMs: 30_000,
      sourceTimeLimitMs: 86_400_000,
      sourceMostUsers: 2_000_000,
      proxies: { https: undefined, http: undefined, except: '' },
      http: { host: '127.0.0.1', port: 3000 },
      workerHttpPort: undefined,
      publicUrl: 'http://127.0.0.1:3000',
      trustedProxies: [],
      logLevel: 'info',
      heldExpiryMs: 30 * 86_400_000,
      runRetentionMs: 90 * 24 * 3600 * 1000,
      alertWebhook: undefined,
      alertStaleMs: 26 * 3600 * 1000,
      mail: undefined,
      slackWebhookUrl: undefined,
      dnsServers: [],
      oidc: undefined,
      roles: { owner: [], admin: [], viewer: [] },
    });
  });

  it('takes every setting from the environment and ignores unknown variables', () => {
    const config = loadConfig({
      ...required,
      MONGODB_DATABASE: 'members',
      REDIS_PREFIX: 'rc2',
      SECRETS_KEYS: `new:${key(2)}, old:${key(1)}`,
      JUMPCLOUD_CONSOLE_URL: 'http://127.0.0.1:4010/',
      JUMPCLOUD_INSIGHTS_URL: 'https://proxy.example',
      JUMPCLOUD_OAUTH_URL: 'https://proxy.example:8443',
      SOURCE_RETRY_BUDGET_SECONDS: '5',
      SOURCE_TIME_LIMIT_MINUTES: '2',
      SOURCE_MOST_USERS: '500',
      HTTP_HOST: '0.0.0.0',
      HTTP_PORT: '8080',
      WORKER_HTTP_PORT: '0',
      PUBLIC_URL: 'https://rollcall.example/base/',
      TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,fd00::/8',
      LOG_LEVEL: 'debug',
      RUN_RETENTION_DAYS: '1',
      ALERT_WEBHOOK_URL: 'https://alerts.example/in?token=a',
      ALERT_WEBHOOK_SECRET: `whsec_${key(3)}`,
      ALERT_STALE_HOURS: '2',
      HOME: '/home/ada',
    });
    expect(config).toMatchObject({
      mongodbDatabase: 'members',
      redisPrefix: 'rc2',
      sourceOrigins: {
        JUMPCLOUD_CONSOLE_URL: 'http://127.0.0.1:4010',
        JUMPCLOUD_INSIGHTS_URL: 'https://proxy.example',
        JUMPCLOUD_OAUTH_URL: 'https://proxy.example:8443',
      },
      sourceRetryBudgetMs: 5000,
      sourceTimeLimitMs: 120_000,
      sourceMostUsers: 500,
      http: { host: '0.0.0.0', port: 8080 },
      workerHttpPort: 0,
      publicUrl: 'https://rollcall.example/base',
      trustedProxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'],
      logLevel: 'debug',
      heldExpiryMs: 30 * 86_400_000,
      runRetentionMs: 86_400_000,
      alertWebhook: { url: 'https://alerts.example/in?token=a', key: Buffer.alloc(32, 3) },
      alertStaleMs: 7_200_000,
    });
    expect(config.secretsKeys.map(({ id }) => id)).toEqual(['new', 'old']);
  });

  it('derives the public URL from host and port, an IPv6 address included', () => {
    const config = loadConfig({ ...required, HTTP_HOST: '::1', HTTP_PORT: '81' });
    expect(config.publicUrl).toBe('http://[::1]:81');
  });

  it('is frozen throughout', () => {
    const config = loadConfig(required);
    const parts = [
      config,
      config.http,
      config.sourceOrigins,
      config.secretsKeys,
      config.secretsKeys[0],
      config.trustedProxies,
    ];
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  });

  it('counts an empty variable as unset', () => {
    expect(loadConfig({ ...required, HTTP_PORT: '', HTTP_HOST_FILE: '' }).http.port).toBe(3000);
    expect(problemsOf({ ...required, REDIS_URL: '' })).toEqual([
      expect.stringMatching(/^REDIS_URL: missing\. Give a URL such as redis:/),
    ]);
  });

  describe('from files', () => {
    const files = (path: string) => {
      if (path === '/run/secrets/mongodb') return 'mongodb://db.example\n';
      throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    };

    it('reads only files in UTF-8, with a byte order mark or without', () => {
      const path = join(mkdtempSync(join(tmpdir(), 'rollcall-settings-')), 'name');
      const env = { ...required, MONGODB_DATABASE_FILE: path };
      writeFileSync(path, '\ufeffpeople\n');
      expect(loadConfig(env).mongodbDatabase).toBe('people');
      writeFileSync(path, Buffer.from('B\u00fcro', 'latin1'));
      expect(() => loadConfig(env)).toThrow("MONGODB_DATABASE_FILE can't be read: ");
    });

    it('reads a setting from the file that NAME_FILE names', () => {
      const { MONGODB_URI: _left, ...rest } = required;
      const config = loadConfig({ ...rest, MONGODB_URI_FILE: '/run/secrets/mongodb' }, files);
      expect(config.mongodbUri).toBe('mongodb://db.example');
    });

    it.each(Object.keys(settingsSchema.shape))('refuses %s given twice', (name) => {
      const env = { ...required, [name]: 'x', [`${name}_FILE`]: '/run/secrets/mongodb' };
      expect(problemsOf(env, files)).toEqual([
        `${name}: given here and as ${name}_FILE. Give only one.`,
      ]);
    });

    it('says which file could not be read, and nothing else of that setting', () => {
      const { REDIS_URL: _left, ...rest } = required;
      expect(problemsOf({ ...rest, REDIS_URL_FILE: '/nowhere' }, files)).toEqual([
        "REDIS_URL: REDIS_URL_FILE can't be read: ENOENT: no such file or directory, open '/nowhere'. Give a readable file.",
      ]);
    });
  });

  it('lists every problem at once, each with what would be right', () => {
    const problems = problemsOf({
      MONGODB_URI: 'postgres://db',
      SECRETS_KEYS: 'k1:AAAA',
      HTTP_PORT: '70000',
      LOG_LEVEL: 'loud',
      RUN_RETENTION_DAYS: '0',
      MONGODB_DATABASE: 'a b',
    });
    expect(problems.map((line) => line.split(' Give ')[0])).toEqual([
      'MONGODB_URI: malformed.',
      'MONGODB_DATABASE: "a b" is not accepted.',
      'REDIS_URL: missing.',
      'SECRETS_KEYS: key 1 has 3 bytes.',
      'HTTP_PORT: "70000" is not accepted.',
      'LOG_LEVEL: "loud" is not accepted.',
      'RUN_RETENTION_DAYS: "0" is not accepted.',
    ]);
    expect(problems.every((line) => / Give \S/.test(line))).toBe(true);
  });

  it.each([
    ['mysql://ada:hunter2@db', 'MONGODB_URI'],
    ['ftp://ada:hunter2@redis', 'REDIS_URL'],
    ['hunter2:not-base64!', 'SECRETS_KEYS'],
    ['hunter2', 'SECRETS_KEYS'],
    ['https://ada:hunter2@proxy.example', 'JUMPCLOUD_CONSOLE_URL'],
    ['https://ada:hunter2@rollcall.example', 'PUBLIC_URL'],
    ['hunter2', 'ALERT_WEBHOOK_SECRET'],
    ['whsec_hunter2', 'ALERT_WEBHOOK_SECRET'],
  ])('never repeats what may be a secret: %s as %s', (value, name) => {
    const problems = problemsOf({ ...required, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
    expect(problems[0]).not.toContain('hunter2');
  });

  it.each([
    'redis://127.0.0.1:99999',
    'redis://127.0.0.1:0',
    'redis://:hunter#2@host',
    'redis://:hunter/2@host',
    'redis://ada:12/hunter@host',
    'redis://ada:12?hunter@host',
    'redis://ada:12#hunter@host',
    'redis://:hunter%zz@host',
    'redis://[::x',
    'redis://host/hunter',
    'redis://',
    'http://host',
  ])('refuses %s as REDIS_URL', (value) => {
    expect(problemsOf({ ...required, REDIS_URL: value })).toEqual([
      expect.stringMatching(/^REDIS_URL: malformed\. Give a URL such as .*percent-encode/),
    ]);
  });

  it.each([
    'redis://host',
    'redis://:hunter%232@host:6379/3',
    'rediss://ada:hunter@[::1]:6380/?family=6',
  ])('accepts %s as REDIS_URL', (value) => {
    expect(problemsOf({ ...required, REDIS_URL: value })).toEqual([]);
  });

  it.each([
    'mongodb://',
    'mongodb://:27017',
    'mongodb://host:0',
    'mongodb://host:65536',
    'mongodb://host:port',
    'mongodb://a:1,b:99999',
    'mongodb://a,,b',
    'mongodb://[::1:27017',
    'mongodb://ada:hun:ter@host',
    'mongodb://ada:hunter@2@host',
    'mongodb://ada:hun/ter@host',
    'mongodb://ada:12/hunter@host',
    'mongodb://ada:hun#ter@host',
    'mongodb://ada:hunter%zz@host',
    'mongodb://:hunter@host',
    'mongodb+srv://host:27017',
    'mongodb+srv://a.example,b.example',
    'http://host',
  ])('refuses %s as MONGODB_URI', (value) => {
    expect(problemsOf({ ...required, MONGODB_URI: value })).toEqual([
      expect.stringMatching(/^MONGODB_URI: malformed\. Give a connection .*percent-encode/),
    ]);
  });

  it.each([
    'mongodb://host',
    'mongodb://ada@host/admin',
    'mongodb://ada:hunter%232@a:27017,[::1]:27018/?replicaSet=rs0&authSource=admin',
    'mongodb://%2Ftmp%2Fmongodb-27017.sock',
    'mongodb+srv://ada:hunter@cluster.example.net/?retryWrites=true',
  ])('accepts %s as MONGODB_URI', (value) => {
    expect(problemsOf({ ...required, MONGODB_URI: value })).toEqual([]);
  });

  it.each([
    ['proxy.example', 1],
    ['10.0.0.1,', 2],
    ['10.0.0.0/33', 1],
    ['10.0.0.0/0', 1],
    ['::1,fd00::/129', 2],
    ['10.0.0.0/255.0.0.0', 1],
    ['fe80::1%eth0', 1],
    ['true', 1],
  ])('refuses %s as TRUSTED_PROXIES', (value, entry) => {
    expect(problemsOf({ ...required, TRUSTED_PROXIES: value })).toEqual([
      expect.stringContaining(`TRUSTED_PROXIES: entry ${entry} is no address and no network. Give`),
    ]);
  });

  it.each([
    [`k1:${key(1)},k1:${key(2)}`, 'key 2 has the id of an earlier one'],
    [`k1:${key(1)},`, 'key 2 is malformed'],
    [`k1:${Buffer.alloc(33).toString('base64')}`, 'key 1 has 33 bytes'],
    [`k 1:${key(1)}`, 'key 1 is malformed'],
  ])('refuses invalid keys (%#)', (value, problem) => {
    const [line] = problemsOf({ ...required, SECRETS_KEYS: value });
    expect(line).toContain(`SECRETS_KEYS: ${problem}.`);
    expect(line).toContain('openssl rand -base64 32');
  });

  describe('on alerts', () => {
    const alerts = {
      ...required,
      ALERT_WEBHOOK_URL: 'http://alerts.example/in?hunter2',
      ALERT_WEBHOOK_SECRET: `whsec_${key(1)}`,
    };

    it('requires a secret as soon as there is a URL', () => {
      const { ALERT_WEBHOOK_SECRET: _left, ...unsigned } = alerts;
      expect(problemsOf(unsigned)).toEqual([
        expect.stringMatching(
          /^ALERT_WEBHOOK_SECRET: missing\. Give whsec_ .*openssl rand -base64 32.* Or take ALERT_WEBHOOK_URL away\.$/,
        ),
      ]);
      const file = { ...unsigned, ALERT_WEBHOOK_SECRET_FILE: '/secret' };
      expect(loadConfig(file, () => alerts.ALERT_WEBHOOK_SECRET).alertWebhook?.key).toHaveLength(
        32,
      );
      const problems = problemsOf(file, () => {
        throw new Error('ENOENT');
      });
      expect(problems).toEqual([expect.stringContaining("can't be read")]);
    });

    it('reports that beside every other problem', () => {
      const { ALERT_WEBHOOK_SECRET: _left, ...unsigned } = alerts;
      const problems = problemsOf({ ...unsigned, ALERT_STALE_HOURS: '0' });
      expect(problems.map((line) => line.split(':')[0])).toEqual([
        'ALERT_STALE_HOURS',
        'ALERT_WEBHOOK_SECRET',
      ]);
    });

    it.each([
      [`whsec_${Buffer.alloc(23).toString('base64')}`, 'has 23 bytes'],
      [`whsec_${Buffer.alloc(65).toString('base64')}`, 'has 65 bytes'],
      [key(1), 'malformed'],
      ['whsec_', 'malformed'],
    ])('refuses the secret %s', (value, problem) => {
      const problems = problemsOf({ ...alerts, ALERT_WEBHOOK_SECRET: value });
      expect(problems).toEqual([
        expect.stringContaining(`ALERT_WEBHOOK_SECRET: ${problem}. Give whsec_ and 24 to 64 bytes`),
      ]);
    });

    it.each([
      ['alerts.example', 'is no http or https URL'],
      ['ftp://alerts.example', 'is no http or https URL'],
      ['https://ada:hunter2@alerts.example', 'has a user name, a password or a fragment'],
      ['https://alerts.example#hunter2', 'has a user name, a password or a fragment'],
    ])('refuses %s, and repeats nothing of it', (value, problem) => {
      expect(problemsOf({ ...alerts, ALERT_WEBHOOK_URL: value })).toEqual([
        `ALERT_WEBHOOK_URL: ${problem}. Give an http or https URL without user name, password and fragment.`,
      ]);
    });
  });

  it.each([
    ['console.jumpcloud.com', 'is no http or https URL'],
    ['ftp://console.jumpcloud.com', 'is no http or https URL'],
    ['https://console.jumpcloud.com/api', 'has more than scheme, host and port'],
    ['https://console.jumpcloud.com?x=1', 'has a user name, a password, a query or a fragment'],
  ])('accepts only an origin for a JumpCloud host, not %s', (value, problem) => {
    for (const name of ['JUMPCLOUD_CONSOLE_URL', 'JUMPCLOUD_INSIGHTS_URL', 'JUMPCLOUD_OAUTH_URL']) {
      const [line] = problemsOf({ ...required, [name]: value });
      expect(line).toContain(`${name}: ${problem}. Give scheme, host and port alone`);
    }
  });
});
