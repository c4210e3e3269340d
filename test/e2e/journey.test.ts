import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expectedFields } from '../builders/expected-member.ts';
import { type Installation, install, type Running } from './processes.ts';

interface RunJson {
  readonly id: string;
  readonly status: string;
  readonly trigger: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly certificate: { readonly complete: boolean; readonly distinct: number };
}
interface MemberJson {
  readonly id: string;
  readonly externalId: string;
  readonly status: string;
  readonly revision: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly managerEmail?: string;
}

const users = 1000;
let site: Installation;
let worker: Running;

beforeAll(async () => {
  site = await install({ users, groups: 6, seed: 11 });
  worker = await site.serve('worker');
});
afterAll(() => site.close());

/**
 * Every member as the command line prints it, and the expected fields of all users of the
 * directory.
 */
async function expectTrueToSource(): Promise<readonly MemberJson[]> {
  const members = await site.ask<MemberJson[]>(['members', 'list', '--store', 'acme']);
  const byId = new Map(members.map((member) => [member.externalId, member]));
  const synced = site.simulator.people.all().filter(({ state }) => state !== 'STAGED');
  expect(
    synced.map(({ _id }) => ({ status: byId.get(_id)?.status, fields: byId.get(_id)?.fields })),
  ).toEqual(
    synced.map((user) => ({
      status: user.state === 'ACTIVATED' ? 'active' : 'inactive',
      fields: expectedFields(user),
    })),
  );
  const left = members.filter(
    ({ externalId }) => site.simulator.people.find(externalId) === undefined,
  );
  expect(left.filter(({ status }) => status === 'active')).toEqual([]);
  return members;
}

describe('from a key to synced members, over built processes', () => {
  it('refuses a wrong key and stores nothing', async () => {
    const { code, stderr } = await site.rollcall(
      ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'],
      'jca_wrong',
    );
    expect(code).toBe(2);
    expect(stderr).toContain('key');
    expect(await site.ask(['store', 'list'])).toEqual([]);
  });

  it('adds the store, creates all members, and requests twelve pages', async () => {
    const add = ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'];
    expect(await site.ask(add, `${site.simulator.apiKey}\n`)).toMatchObject({
      name: 'acme',
      orgId: site.simulator.organization.id,
      status: 'active',
    });
    site.simulator.clearRequests();
    const run = await site.ask<RunJson>(['sync', 'acme', '--wait']);
    expect(run).toMatchObject({
      status: 'succeeded',
      certificate: { complete: true, distinct: users },
    });
    const listing = site.simulator.requests.filter(({ path }) => path === '/api/systemusers');
    expect(listing.map(({ query }) => `${query['sort']} ${query['limit']}`)).toEqual(
      Array.from({ length: 12 }, () => '_id 100'),
    );
    const members = await expectTrueToSource();
    const managed = members.find(({ fields, managerEmail }) => fields['manager'] && managerEmail);
    expect(managed?.managerEmail).toBe(
      members.find(({ externalId }) => externalId === managed?.fields['manager'])?.fields['email'],
    );
  });

  it('writes nothing when nothing changed', async () => {
    const before = await site.ask<MemberJson[]>(['members', 'list']);
    const run = await site.ask<RunJson & { records: unknown[] }>(['sync', 'acme', '--wait']);
    expect(run.counts).toMatchObject({ unchanged: before.length, applied: 0 });
    expect(await site.ask(['runs', 'show', run.id, '--records'])).toMatchObject({ records: [] });
    expect(await site.ask(['members', 'list'])).toEqual(before);
  });

  it('follows changes at the source', async () => {
    const { people } = site.simulator;
    const [renamed, left, suspended, one, other] = people
      .all()
      .filter(({ state }) => state === 'ACTIVATED')
      .map(({ _id }) => _id) as [string, string, string, string, string];
    people.hireMany(30);
    people.update(renamed, { lastname: 'Byron-Lovelace' });
    people.remove(left);
    people.suspend(suspended);
    people.swapEmails(one, other);
    const run = await site.ask<RunJson>(['sync', 'acme', '--wait']);
    expect(run).toMatchObject({
      status: 'succeeded',
      counts: {
        listed: users + 29,
        create: 30,
        update: 3,
        deactivate: 2,
        gone: 1,
        conflict: 0,
        failed: 0,
      },
    });
    await expectTrueToSource();
  });

  it('takes mapping, criteria and status sync from a file, previews and applies them', async () => {
    const [first] = site.simulator.people
      .all()
      .filter(({ department, state }) => department === 'Sales' && state === 'ACTIVATED');
    const file = join(tmpdir(), `${site.env['REDIS_PREFIX']}.yaml`);
    await writeFile(
      file,
      `mapping:\n  country: { value: India }\nsettings:\n  statusSync: { outOfScope: deactivate }\ncriteria:\n  users: { conditions: [ { attribute: department, operator: equals, value: Sales } ] }\n`,
    );
    await site.ask(['store', 'apply', 'acme', '-f', file]);
    const preview = await site.ask<RunJson>(['sync', 'acme', '--plan', '--wait']);
    expect(preview.status).toBe('planned');
    const before = await site.ask<MemberJson[]>(['members', 'list', '--status', 'active']);
    const { code, stdout } = await site.rollcall(['sync', 'acme', '--wait', '--json']);
    const held = JSON.parse(stdout) as RunJson;
    expect(code).toBe(3);
    const { update } = preview.counts;
    const counts = { ...preview.counts, applied: update };
    expect(held).toMatchObject({ status: 'held', resolvedAt: null, counts });
    expect(await site.ask<MemberJson[]>(['members', 'list', '--status', 'active'])).toHaveLength(
      before.length,
    );
    const run = await site.ask<RunJson>(['runs', 'approve', held.id]);
    expect(run).toMatchObject({ status: 'succeeded', resolvedAt: expect.any(String) });
    expect(run.counts).toMatchObject({ deactivate: preview.counts['deactivate'], held: 0 });
    const after = await site.ask<MemberJson[]>(['members', 'list', '--status', 'active']);
    expect(after.length).toBe(before.length - (run.counts['deactivate'] ?? 0));
    expect(new Set(after.map(({ fields }) => fields['department']))).toEqual(new Set(['Sales']));
    expect(after.find(({ externalId }) => externalId === first?._id)?.fields['country']).toBe(
      'India',
    );
  });

  it('keeps the key out of Redis, logs and answers', async () => {
    const { apiKey } = site.simulator;
    const redis = new Redis(site.env['REDIS_URL'] ?? '');
    const keys = await redis.keys(`*${site.env['REDIS_PREFIX']}*`);
    expect(keys.length).toBeGreaterThan(0);
    const values = await Promise.all(keys.map((key) => redis.dump(key).then(String)));
    await redis.quit();
    expect(values.filter((value) => value.includes(apiKey))).toEqual([]);
    expect(worker.said()).not.toContain(apiKey);
    expect(JSON.stringify(await site.ask(['store', 'show', 'acme']))).not.toContain(apiKey);
  });

  it('fails a run whose key is refused, removes no member, and continues after reauthorization', async () => {
    const before = await site.ask<MemberJson[]>(['members', 'list']);
    site.simulator.setFaults(['login-redirect']);
    const { code, stdout } = await site.rollcall(['sync', 'acme', '--wait', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'failed', error: { code: 'source-auth' } });
    expect(await site.ask(['store', 'show', 'acme'])).toMatchObject({
      status: 'needs-reauthorization',
    });
    const refused = await site.rollcall(['sync', 'acme']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('reauthor') });
    site.simulator.setFaults([]);
    await site.ask(['store', 'reauthorize', 'acme', '--api-key-stdin'], site.simulator.apiKey);
    expect(await site.ask<RunJson>(['sync', 'acme', '--wait'])).toMatchObject({
      status: 'succeeded',
    });
    expect((await site.ask<MemberJson[]>(['members', 'list'])).length).toBe(before.length);
  });

  it('passes doctor, and the worker stops in order', async () => {
    expect(await site.rollcall(['doctor'])).toMatchObject({ code: 0 });
    expect(await worker.stop()).toBe(0);
  });
});
