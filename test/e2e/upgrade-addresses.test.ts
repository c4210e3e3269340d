import { type DatabaseView, viewDatabase } from './database.ts';
import { type Installation, install } from './processes.ts';

/*
 * An installation of a release for which a domain and its punycode were two, and IST was a time zone: two users of the
 * directory with one address have a member each.
 */
let site: Installation;
let view: DatabaseView;
let twins: readonly [older: string, younger: string];

const unicode = 'ada@münchen.example';
const punycode = 'ada@xn--mnchen-3ya.example';

interface Report {
  readonly checks: readonly { readonly about: string; readonly message: string }[];
}

beforeAll(async () => {
  site = await install({ users: 10, groups: 0, seed: 51 });
  view = await viewDatabase(site);
  const { people } = site.simulator;
  twins = [
    people.hire({ email: 'one@acme.test' })._id,
    people.hire({ email: 'two@acme.test' })._id,
  ];
  const add = ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'];
  await site.ask(add, site.simulator.apiKey);
  await site.serve('worker');
  await site.ask(['sync', 'acme', '--wait']);

  const [older, younger] = twins;
  people.update(older, { email: punycode });
  people.update(younger, { email: unicode });
  const timezone = 'IST';
  const schedule = { enabled: true, frequency: 'daily', time: '02:00', timezone };
  await view.raw.collection('stores').updateOne({}, { $set: { 'config.schedule': schedule } });
  const members = view.raw.collection('members');
  const give = (externalId: string, email: string, createdAt: Date) =>
    members.updateOne(
      { externalId },
      { $set: { 'fields.email': email, emailKey: email, createdAt } },
    );
  await give(older, punycode, new Date('2026-01-01'));
  await give(younger, unicode, new Date('2026-02-01'));
  await view.raw.collection<{ _id: string }>('migrations').deleteMany({});
});
afterAll(async () => {
  await site.close();
  await view.close();
});

const twinsStored = async () => {
  const members = await view.members();
  return twins.map((id) => members.find(({ externalId }) => externalId === id));
};

const findings = async () => {
  const { stdout, code } = await site.rollcall(['doctor', '--json']);
  expect(code).toBe(0);
  const { checks } = JSON.parse(stdout) as Report;
  return new Map(checks.map(({ about, message }) => [about, message]));
};

describe('an upgrade of an installation with two spellings of one address', () => {
  it('leaves the address to the older member, and names both, and the time zone', async () => {
    const found = await findings();
    expect(found.get('addresses')).toContain('1 member without a claim');
    expect(found.get('addresses')).toContain(unicode);
    expect(found.get('addresses')).toContain(punycode);
    expect(found.get('time zone of acme')).toContain('Asia/Kolkata, Europe/Dublin');
    const [older, younger] = await twinsStored();
    expect(older).toMatchObject({ emailKey: unicode, fields: { email: punycode } });
    expect(younger).toMatchObject({ status: 'active', fields: { email: unicode } });
    expect(younger).not.toHaveProperty('emailKey');
  });

  it('reports a conflict, and removes and deactivates nobody', async () => {
    const before = (await view.members()).length;
    const { counts } = await site.ask<{ counts: object }>(['sync', 'acme', '--wait']);
    expect(counts).toMatchObject({ conflict: 1, deactivate: 0, delete: 0, held: 0, failed: 0 });
    expect(await view.members()).toHaveLength(before);
    const [older, younger] = await twinsStored();
    expect([older?.status, younger?.status]).toEqual(['active', 'active']);
    expect(older?.emailKey).toBe(unicode);
  });

  it('ends when the directory gives the person another address', async () => {
    site.simulator.people.update(twins[1], { email: 'eve@münchen.example' });
    const { counts } = await site.ask<{ counts: object }>(['sync', 'acme', '--wait']);
    expect(counts).toMatchObject({ conflict: 0, update: 1, held: 0 });
    expect((await twinsStored())[1]).toMatchObject({ emailKey: 'eve@münchen.example' });
    expect((await findings()).has('addresses')).toBe(false);
  });

  it('refuses the time zone only when it is saved anew', async () => {
    const criteria = await site.rollcall(
      ['store', 'apply', 'acme', '-f', '-'],
      'criteria: { users: all }\n',
    );
    expect(criteria.code).toBe(0);
    const file = 'schedule: { frequency: daily, time: "03:00", timezone: IST }\n';
    const refused = await site.rollcall(['store', 'apply', 'acme', '-f', '-'], file);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('Did you mean Asia/Kolkata, Europe/Dublin or Asia/Jerusalem?');
  });
});
