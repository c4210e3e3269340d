import { checkDomainsJob } from '../../../jobs/check-domains.job.ts';
import { addDomain, removeDomain, verifyDomain } from '../../../src/manage/mail/domains.ts';
import { createLookUpTxt } from '../../../src/notify/mail/look-up-txt.ts';
import { type DnsServer, startDnsServer } from '../../fakes/dns-server.ts';
import { openTestDatabase, type TestDatabase } from '../store/test-database.ts';

const name = '_rollcall.acme.test';
const actor = { by: 'cli:ada', from: 'desk' };
const dayMs = 24 * 3_600_000;

let db: TestDatabase;
let dns: DnsServer;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.empty();
  dns = await startDnsServer();
});
afterEach(() => dns.close());

const ports = () => ({ ...db, lookUpTxt: createLookUpTxt([dns.address]) });

async function addVerified(): Promise<string> {
  const { token } = await addDomain(ports(), 'acme.test', actor);
  const value = `rollcall-verification=${token}`;
  dns.answers.set(name, [value]);
  expect(await verifyDomain(ports(), 'acme.test', actor)).toMatchObject({ status: 'verified' });
  return value;
}

/** The job, a day later. */
async function nextDay() {
  db.clock.advance(dayMs);
  const outcome = await checkDomainsJob(ports()).handle({
    data: {},
    signal: new AbortController().signal,
    holder: 'h',
    retried: false,
    showProgress: () => undefined,
  });
  return { outcome, domain: await db.domains.get('acme.test') };
}

const result = (checked: number, lapsed: number) => ({ end: 'done', result: { checked, lapsed } });

describe('a domain', () => {
  it('is verified by its record, and lapses after three days without it, with one alert', async () => {
    await addVerified();
    dns.answers.delete(name);
    expect(await nextDay()).toMatchObject({ outcome: result(1, 0), domain: { failures: 1 } });
    expect(await nextDay()).toMatchObject({ domain: { status: 'verified', failures: 2 } });
    expect(await db.alerts.due(db.clock.now(), 10)).toEqual([]);
    expect(await nextDay()).toMatchObject({ outcome: result(1, 1), domain: { status: 'lapsed' } });
    expect(await nextDay()).toMatchObject({ outcome: result(0, 0) });
    const alerts = await db.alerts.due(db.clock.now(), 10);
    expect(alerts).toMatchObject([{ kind: 'domain-lapsed', domain: 'acme.test' }]);
    expect(alerts[0]?.id).not.toContain('.');
  });

  it('outlives any number of days without an answer', async () => {
    await addVerified();
    dns.answers.set(name, 'server-failure');
    for (let day = 0; day < 5; day += 1) {
      expect(await nextDay()).toMatchObject({ domain: { status: 'verified', failures: 0 } });
    }
  });

  it('is not added while a token of another installation stands there', async () => {
    dns.answers.set(name, ['rollcall-verification=other']);
    await expect(addDomain(ports(), 'acme.test', actor)).rejects.toThrow('A different token');
    expect(await db.domains.list()).toEqual([]);
  });

  it('gets a new token when it is added again', async () => {
    const before = await addVerified();
    await removeDomain(ports(), 'ACME.test', actor);
    await expect(verifyDomain(ports(), 'acme.test', actor)).rejects.toThrow('There is no domain');
    dns.answers.delete(name);
    const { token } = await addDomain(ports(), 'acme.test', actor);
    expect(before).not.toContain(token);
    dns.answers.set(name, [before]);
    expect(await verifyDomain(ports(), 'acme.test', actor)).toMatchObject({ status: 'pending' });
  });

  it('leaves each change in the audit', async () => {
    await addVerified();
    await verifyDomain(ports(), 'acme.test', actor);
    await removeDomain(ports(), 'acme.test', actor);
    const entries = await db.audit.list({});
    expect(entries.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'domain-removed done',
      'domain-checked done',
      'domain-added done',
    ]);
    expect(entries[1]?.changes).toContainEqual({ path: 'status', from: 'pending', to: 'verified' });
  });
});
