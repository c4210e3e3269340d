import { JumpCloudClient, type Person } from '../fakes/jumpcloud-client.ts';
import { freePort } from '../setup/free-port.ts';
import { testServices } from '../setup/services.ts';
import { applyFile } from './apply-file.ts';
import { eventually, operate, type Rollcall } from './processes.ts';

interface Added {
  readonly via: string;
  readonly syncEndpoint: string;
  readonly scimToken: string;
}
interface MemberJson {
  readonly status: string;
  readonly fields: Readonly<Record<string, string>>;
}
interface RunJson {
  readonly id: string;
  readonly trigger: string;
  readonly status: string;
}

const person = (name: string): Person => ({
  username: name,
  email: `${name}@acme.test`,
  firstname: name,
  lastname: 'Byron',
});

/** The steps of docs/scim.md, "JumpCloud", in their order. */
describe('an administrator connects JumpCloud over SCIM', () => {
  let site: Rollcall;
  beforeAll(async () => {
    const { mongodbUri, redisUrl } = testServices();
    site = operate({
      MONGODB_URI: mongodbUri,
      REDIS_URL: redisUrl,
      HTTP_PORT: String(await freePort()),
    });
    await site.serve('all');
  });
  afterAll(() => site.close());

  const members = () => site.ask<MemberJson[]>(['members', 'list', '--store', 'acme']);
  const heldRun = () =>
    eventually(async () => {
      const runs = await site.ask<RunJson[]>(['runs', 'list', '--store', 'acme']);
      return runs.find(({ status }) => status === 'held');
    });

  it('follows the guide, and all pushed users are members', async () => {
    const add = ['store', 'add', 'acme', '--directory', 'jumpcloud', '--via', 'scim'];
    const added = await site.ask<Added>(add);
    expect(added.syncEndpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/scim\/v2\/[0-9a-f]{24}$/);
    await applyFile(site, 'acme', 'mapping:\n  country: { value: India }');
    const jumpcloud = new JumpCloudClient(added.syncEndpoint, added.scimToken);

    await jumpcloud.testConnection('rollcall.test@nowhere.test');
    await jumpcloud.saveGroup('Engineers', [person('ada'), person('bob')]);
    await jumpcloud.saveGroup('Sales', [person('cyd'), person('bob')]);

    const shown = await members();
    const active = shown.filter(({ status }) => status === 'active');
    expect(active.map(({ fields }) => fields)).toEqual(
      ['ada', 'bob', 'cyd'].map((name) => ({
        email: `${name}@acme.test`,
        firstName: name,
        lastName: 'Byron',
        country: 'India',
      })),
    );

    const left = await jumpcloud.leaveGroup('Sales', { username: 'cyd' });
    expect(left).toMatchObject({ active: false });
    expect((await members()).filter(({ status }) => status === 'active')).toHaveLength(2);

    await jumpcloud.leaveGroup('Engineers', { username: 'ada' });
    const last = await jumpcloud.leaveGroup('Engineers', { username: 'bob' });
    expect(last['urn:scim:schemas:extension:rollcall:2.0:User']).toMatchObject({
      standing: 'held',
    });
    const held = await heldRun();
    expect(held.trigger).toBe('push');
    await site.ask(['runs', 'approve', held.id]);
    expect((await members()).filter(({ status }) => status === 'active')).toEqual([]);

    await jumpcloud.savePerson({ ...person('ada'), lastname: 'Lovelace' });
    const why = await site.rollcall(['members', 'why', 'ada@acme.test', 'lastName']);
    expect(why.stdout).toContain('Lovelace');
    const run = await site.ask<RunJson>(['sync', 'acme', '--wait']);
    expect(run).toMatchObject({ status: 'succeeded' });

    const renewed = await site.ask<Added>(['store', 'reauthorize', 'acme']);
    await expect(jumpcloud.savePerson(person('ada'))).rejects.toThrow('401');
    jumpcloud.token = renewed.scimToken;
    await jumpcloud.savePerson(person('ada'));
  });
});
