import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type AnsweringServer, startAnsweringServer } from '../fakes/answering-server.ts';
import { mongodbPrivileges, redisRules } from '../fakes/deploy-files.ts';
import { type DnsServer, startDnsServer } from '../fakes/dns-server.ts';
import {
  clientId,
  clientSecret,
  startProvider,
  type TestProvider,
} from '../fakes/identity-provider.ts';
import { JumpCloudClient } from '../fakes/jumpcloud-client.ts';
import { testServices, uniqueName } from '../setup/services.ts';
import { applyFile } from './apply-file.ts';
import { logCommands, privilegesOf } from './command-log.ts';
import { viewDatabase } from './database.ts';
import { eventually, operate, type Rollcall, type Running } from './processes.ts';

/*
 * Rollcall does all its work as the user of deploy/redis/users.acl, with the name and the prefix of this test, while
 * the driver logs the commands that it sends to MongoDB.
 */

interface Run {
  readonly id: string;
  readonly status: string;
}

const user = uniqueName('acl');
const password = randomBytes(16).toString('hex');
const prefix = uniqueName('acl');
const rules = redisRules().map((rule) => rule.replace('{rollcall}', `{${prefix}}`));

let administrator: Redis;
let simulator: Simulator;
interface Added {
  readonly record: { readonly name: string; readonly value: string };
}

let dns: DnsServer;
let receiver: AnsweringServer;
let provider: TestProvider;
let site: Rollcall;
let log = '';

const publicUrl = 'http://rollcall.test';
const signInPath = '/api/v1/session/oidc';

/** Runs a command; what it writes to standard error goes to the log. */
async function run(args: readonly string[], input = ''): Promise<string> {
  const { stdout, stderr } = await site.rollcall([...args, '--json'], input);
  log += stderr;
  return stdout;
}

async function ask<T>(args: readonly string[], input = ''): Promise<T> {
  return JSON.parse(await run(args, input)) as T;
}

/** An index and a collection of an earlier release, which the first start removes. */
async function leaveEarlierRelease(): Promise<void> {
  const view = await viewDatabase(site);
  await view.raw.createCollection('pages');
  await view.raw.collection('runs').createIndex({ storeId: 1, mode: 1 }, { name: 'queued' });
  await view.close();
}

beforeAll(async () => {
  const { mongodbUri, redisUrl } = testServices();
  administrator = new Redis(redisUrl);
  await administrator.acl('SETUSER', user, `>${password}`, ...rules);
  simulator = await startSimulator({ users: 60, groups: 2, seed: 8 });
  // The first alert is refused, so that it is tried again; all others are accepted.
  receiver = await startAnsweringServer((response, _request, count) =>
    response.writeHead(count === 0 ? 500 : 204).end(),
  );
  provider = await startProvider(`${publicUrl}${signInPath}/callback`);
  dns = await startDnsServer();
  const address = new URL(redisUrl);
  Object.assign(address, { username: user, password });
  site = operate({
    MONGODB_URI: mongodbUri,
    REDIS_URL: address.href,
    REDIS_PREFIX: prefix,
    JUMPCLOUD_CONSOLE_URL: simulator.url,
    JUMPCLOUD_OAUTH_URL: simulator.url,
    PUBLIC_URL: publicUrl,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_OWNERS: 'group:it',
    SMTP_URL: 'smtp://127.0.0.1:9',
    MAIL_FROM: 'rollcall@acme.test',
    DNS_SERVERS: dns.address,
    ALERT_WEBHOOK_URL: `${receiver.url}/in`,
    ALERT_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 3).toString('base64')}`,
    ...logCommands,
  });
  await leaveEarlierRelease();
});
afterAll(async () => {
  await site.close();
  await Promise.all([receiver.close(), dns.close(), simulator.close(), provider.stop()]);
  await administrator.acl('DELUSER', user);
  administrator.disconnect();
});

describe('Rollcall with the least privileges', () => {
  let all: Running;
  let url: string;

  it('starts, removes what an earlier release left, and is ready', async () => {
    all = await site.serve('all');
    url = /"address":"([^"]+)"/.exec(all.said())?.[1] ?? '';
    await eventually(async () => ((await fetch(`${url}/readyz`)).ok ? true : null));
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
    expect(await ask(['doctor'])).toMatchObject({ ok: true });
  });

  it('syncs a directory, holds, approves, undoes and cancels', async () => {
    const key = simulator.apiKey;
    await run(['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'], key);
    await applyFile(
      { env: site.env, ask },
      'acme',
      'settings: { notifications: { mail: notify } }\nsafeguards: { removals: { percent: 0, floor: 0 } }\nschedule: { enabled: true, frequency: daily, time: "02:00", timezone: UTC }',
    );
    expect(await ask(['sync', 'acme', '--plan', '--wait'])).toMatchObject({ status: 'planned' });
    expect(await ask(['sync', 'acme', '--notify', '--wait'])).toMatchObject({
      status: 'succeeded',
    });
    const [gone = '', changed = ''] = simulator.people.ids;
    simulator.people.remove(gone);
    simulator.people.update(changed, { jobTitle: 'Captain' });
    const held = await ask<Run>(['sync', 'acme', '--wait']);
    expect(held).toMatchObject({ status: 'held' });
    await run(['runs', 'approve', held.id]);
    await eventually(async () => {
      const { status } = await ask<Run>(['runs', 'show', held.id, '--records']);
      return status === 'succeeded' ? true : null;
    });
    expect(await ask(['runs', 'undo', held.id])).toMatchObject({ status: 'succeeded' });
    await run(['store', 'resume', 'acme']);
    await run(['runs', 'cancel', (await ask<Run>(['sync', 'acme'])).id]);
    await run(['store', 'pause', 'acme']);
    await run(['store', 'reauthorize', 'acme', '--api-key-stdin'], key);
  });

  it('takes groups, gives roles, and takes that back', async () => {
    const [group = ''] = simulator.people.groups.all().map(({ id }) => id);
    const apply = (groups: string) =>
      run(['store', 'apply', 'acme', '-f', '-'], `groups: ${groups}`);
    await apply('{ sync: true }');
    const held = await ask<Run>(['sync', 'acme', '--wait']);
    expect(held).toMatchObject({ status: 'held' });
    await run(['runs', 'approve', held.id]);
    await apply(`{ sync: true, left: deactivate, roles: { ${group}: admin } }`);
    const granted = await ask<Run>(['sync', 'acme', '--wait']);
    await run(['groups', 'show', group, '--members']);
    await run(['runs', 'undo', granted.status === 'held' ? held.id : granted.id]);
    await run(['store', 'resume', 'acme']);
    await apply('{ sync: false }');
  });

  it('edits, explains and erases members, and lists the audit', async () => {
    const email = 'ada@acme.test';
    await run(['members', 'add', email, '--first-name', 'Ada', '--last-name', 'Byron']);
    await run(['members', 'deactivate', email]);
    await run(['members', 'activate', email]);
    await run(['members', 'why', email]);
    await run(['members', 'erase', email, '--yes']);
    expect(await ask(['members', 'list', '--store', 'acme'])).not.toEqual([]);
    expect(await ask(['audit', 'list'])).not.toEqual([]);
  });

  it('sends alerts, once more where the receiver refused', async () => {
    for (const id of simulator.people.ids.slice()) simulator.people.remove(id);
    expect(await ask(['sync', 'acme', '--wait'])).not.toMatchObject({ status: 'succeeded' });
    await eventually(() => (receiver.requests.length > 1 ? true : null));
  });

  it('verifies a domain, and puts off the mails to others', async () => {
    const { record } = await ask<Added>(['domains', 'add', 'acme.test']);
    dns.answers.set(record.name, [record.value]);
    expect(await ask(['domains', 'verify', 'acme.test'])).toMatchObject({ status: 'verified' });
    await run(['domains', 'remove', 'acme.test']);
    await eventually(async () => {
      const mails = await ask<{ lastError: string | null }[]>(['mail', 'outbox']);
      return mails.some(({ lastError }) => lastError !== null) ? true : null;
    });
  });

  it('shows the queues, and retries jobs from the dashboard', async () => {
    const { token } = await ask<{ token: string }>([
      'token',
      'create',
      '--role',
      'owner',
      '--name',
      'ada',
    ]);
    const post = (path: string, headers: object, body: object) =>
      fetch(url + path, {
        method: 'POST',
        headers: { origin: publicUrl, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const session = await post('/api/v1/session', {}, { token });
    const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const board = `${url}/ops/queues/api`;
    const paths = ['queues?activeQueue=runs&status=failed', 'job-schedulers'];
    for (const path of [...paths, 'queues/runs/metrics', 'queues/runs/workers']) {
      expect([path, (await fetch(`${board}/${path}`, { headers: { cookie } })).status]).toEqual([
        path,
        200,
      ]);
    }
    const retry = await fetch(`${board}/queues/runs/retry/failed`, {
      method: 'PUT',
      headers: { cookie, origin: publicUrl },
    });
    expect(retry.status).toBeLessThan(300);
    const template = `${url}/api/v1/mail/templates/welcome`;
    for (const [method, body] of [
      ['PUT', '{"subject":"Hi","text":"There"}'],
      ['DELETE'],
    ] as const) {
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      const headers = { cookie, origin: publicUrl, ...json };
      const answer = await fetch(template, {
        method,
        headers,
        ...(body !== undefined && { body }),
      });
      expect([method, answer.status < 300]).toEqual([method, true]);
    }
    const listing = await fetch(`${url}/api/v1/mail/templates`, { headers: { cookie } });
    expect(listing.status).toBe(200);
    const out = await fetch(`${url}/api/v1/session`, {
      method: 'DELETE',
      headers: { cookie, origin: publicUrl },
    });
    expect(out.status).toBeLessThan(300);
    const [listed] = await ask<{ id: string }[]>(['token', 'list']);
    await ask(['token', 'create', '--role', 'owner', '--name', 'bob']);
    await run(['token', 'revoke', listed?.id ?? '']);
  });

  it('signs a person in, ends the sessions when the provider says so, and forgets the person', async () => {
    const groups = ['it'];
    await provider.setAccounts({ ada: { email: 'ada@acme.test', email_verified: true, groups } });
    const begun = await fetch(url + signInPath, { redirect: 'manual' });
    const login = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const back = await provider.signIn(begun.headers.get('location') ?? '', 'ada');
    const signedIn = await fetch(back.replace(publicUrl, url), {
      headers: { cookie: login },
      redirect: 'manual',
    });
    const cookies = signedIn.headers.getSetCookie().map((set) => set.split(';')[0] ?? '');
    const cookie = cookies.find((pair) => pair.startsWith('rollcall_session=')) ?? '';
    const status = async () =>
      (await fetch(`${url}/api/v1/session`, { headers: { cookie, 'rollcall-active': 'yes' } }))
        .status;
    // Rollcall asks the provider again who a person is whose session is older than a quarter of an hour.
    const view = await viewDatabase(site);
    const past = new Date(Date.now() - 16 * 60_000);
    await view.raw
      .collection('sessions')
      .updateMany({ kind: 'user' }, { $set: { activeAt: past, renewedAt: past } });
    await view.close();
    expect(await status()).toBe(200);
    const seconds = Math.floor(Date.now() / 1000);
    const logoutToken = await provider.sign({
      iss: provider.issuer,
      aud: clientId,
      iat: seconds,
      exp: seconds + 120,
      jti: uniqueName('jti'),
      sub: 'ada',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    const loggedOut = await fetch(`${url}${signInPath}/logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: logoutToken }),
    });
    expect(loggedOut.status).toBe(204);
    expect(await status()).toBe(401);
    await run(['members', 'erase', 'ada@acme.test', '--yes']);
  });

  it('takes pushes over SCIM', async () => {
    const added = await ask<{ id: string; scimToken: string }>([
      'store',
      'add',
      'pushed',
      '--directory',
      'jumpcloud',
      '--via',
      'scim',
    ]);
    const jumpcloud = new JumpCloudClient(`${url}/scim/v2/${added.id}`, added.scimToken);
    await jumpcloud.testConnection('rollcall.test@nowhere.test');
    const people = ['ada', 'bob'].map((name) => ({
      username: name,
      email: `${name}@pushed.test`,
      firstname: name,
      lastname: 'Byron',
    }));
    await jumpcloud.saveGroup('Engineers', people);
    await jumpcloud.leaveGroup('Engineers', { username: 'ada' });
    await run(['store', 'reauthorize', 'pushed', '--overlap', '1h']);
    await run(['sync', 'pushed', '--wait']);
    expect(await ask(['members', 'list', '--store', 'pushed'])).not.toEqual([]);
  });

  it('removes stores, with their members or without', async () => {
    await run(['store', 'remove', 'pushed', '--members', 'keep']);
    await run(['store', 'remove', 'acme', '--members', 'delete']);
    expect(await ask(['store', 'list'])).toEqual([]);
    await all.stop();
    log += all.said();
  });

  it('was denied no command, key and channel by Redis', async () => {
    const denied = JSON.stringify(await administrator.acl('LOG', 128));
    expect(denied.split(user)).toHaveLength(1);
  });

  it('may use no other key, and no command that concerns the whole server', async () => {
    const rollcall = new Redis(site.env['REDIS_URL'] ?? '');
    for (const command of [
      ['get', 'other'],
      ['eval', "return redis.call('get', 'other')", '0'],
      ['publish', 'other', '1'],
      ['keys', '*'],
      ['scan', '0'],
      ['flushall'],
      ['config', 'get', '*'],
      ['acl', 'list'],
      ['client', 'kill', 'type', 'normal'],
      ['shutdown'],
    ]) {
      const [name = '', ...words] = command;
      await expect(rollcall.call(name, ...words)).rejects.toThrow(
        /NOPERM|No permissions|can't access/i,
      );
    }
    rollcall.disconnect();
    expect(JSON.stringify(await administrator.acl('LOG', 128))).toContain(user);
  });

  it('needs exactly the privileges of its role in MongoDB', () => {
    expect(privilegesOf(log)).toEqual(mongodbPrivileges());
  });
});
