import { deliverNoticesJob } from '../../../jobs/deliver-notices.job.ts';
import type { NoticeKind } from '../../../src/core/model/notice.ts';
import type { DirectoryStore } from '../../../src/core/model/store.ts';
import { addDomain, verifyDomain } from '../../../src/manage/mail/domains.ts';
import { writeTemplate } from '../../../src/manage/mail/templates.ts';
import type { NoticeTry } from '../../../src/notify/mail/deliver-notices.ts';
import { createLookUpTxt } from '../../../src/notify/mail/look-up-txt.ts';
import { createMailSender, type MailSender } from '../../../src/notify/mail/send-mail.ts';
import { aConfig, aMember, aRecord } from '../../builders/models.ts';
import { type DnsServer, startDnsServer } from '../../fakes/dns-server.ts';
import { type MailServer, startMailServer } from '../../fakes/mail-server.ts';
import { openTestDatabase, type TestDatabase } from '../store/test-database.ts';

const actor = { by: 'cli:ada', from: 'desk' };
const hourMs = 3_600_000;
const name = '_rollcall.acme.test';

let db: TestDatabase;
let dns: DnsServer;
let mail: MailServer;
let sender: MailSender;
let store: DirectoryStore;
const tries: NoticeTry[] = [];

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.empty();
  tries.length = 0;
  dns = await startDnsServer();
  mail = await startMailServer();
  const server = {
    host: mail.host,
    port: mail.port,
    tls: 'opportunistic',
    auth: undefined,
  } as const;
  sender = createMailSender({ server, from: { name: 'Rollcall', address: 'rollcall@acme.test' } });
  const config = aConfig();
  const notifications = { ...config.settings.notifications, mail: 'notify' } as const;
  store = await db.stores.create({
    name: 'acme',
    directory: 'jumpcloud',
    connection: { region: 'us' },
    orgId: 'o1',
    sendOrgId: false,
    owner: 'cli:ada',
    config: { ...config, settings: { ...config.settings, notifications } },
    credential: { type: 'api-key', apiKey: 'hunter2' },
  });
  const { token } = await addDomain(ports(), 'acme.test', actor);
  dns.answers.set(name, [`rollcall-verification=${token}`]);
  await verifyDomain(ports(), 'acme.test', actor);
});
afterEach(async () => {
  sender.close();
  await mail.close();
  await dns.close();
});

const ports = () => ({ ...db, lookUpTxt: createLookUpTxt([dns.address]) });

/** A member with a notice that is due. */
async function announce(id: string, kind: NoticeKind = 'newcomer', email = `${id}@acme.test`) {
  const memberId = `${store.id}.${id}`;
  const fields = { email, firstName: 'Ada', lastName: 'Lovelace' };
  await db.members.insertMany([
    aMember({
      id: memberId,
      storeId: store.id,
      externalId: id,
      emailKey: email,
      lastRecord: `r1.${id}`,
      fields,
      status: 'active',
    }),
  ]);
  const changes = [{ field: 'email', from: `old-${id}@acme.test`, to: email }];
  const record = { id: `r1.${id}`, runId: 'r1', memberId, externalId: id, changes };
  await db.records.insertMany([aRecord(1, record)]);
  const awaited = { storeId: store.id, memberId, recordId: `r1.${id}`, awaits: null };
  await db.notices.add([{ ...awaited, id: `${kind}_${memberId}_r1`, kind }]);
  return `${kind}_${memberId}_r1`;
}

/** One round of the job, on a worker of its own. */
async function deliver(parts: Partial<ReturnType<typeof ports>> = {}) {
  const job = deliverNoticesJob({
    ...ports(),
    ...parts,
    sendMail: sender.send,
    random: () => 0,
    onNoticeTried: (tried) => void tries.push(tried),
  });
  const call = { data: {}, holder: 'h', retried: false, showProgress: () => undefined };
  return job.handle({ ...call, signal: new AbortController().signal });
}

const done = (delivered: number, failed: number) => ({
  end: 'done',
  result: { delivered, failed },
});

describe('a mail to a member', () => {
  it('arrives once, with the text that an administrator wrote', async () => {
    await writeTemplate(
      ports(),
      { kind: 'welcome', subject: 'Hello {{name}}', text: '{{email}} in {{store}}' },
      actor,
    );
    await announce('ada');
    expect(await deliver()).toEqual(done(1, 0));
    expect(await deliver()).toEqual(done(0, 0));
    expect(mail.arrived).toHaveLength(1);
    expect(mail.arrived[0]).toMatchObject({
      to: ['ada@acme.test'],
      mail: { subject: 'Hello Ada Lovelace', text: 'ada@acme.test in acme\n' },
    });
  });

  it('is repeated once when the process dies after it was sent, under the same id, and says so', async () => {
    const id = await announce('ada');
    const dying = () => {
      let saves = 0;
      return {
        ...db.notices,
        async save(notice: Parameters<typeof db.notices.save>[0]) {
          saves += 1;
          if (saves === 2) throw new Error('the worker was killed');
          await db.notices.save(notice);
        },
      };
    };
    await expect(deliver({ notices: dying() })).rejects.toThrow('killed');
    await expect(deliver({ notices: dying() })).rejects.toThrow('killed');
    expect(await deliver()).toEqual(done(0, 1));
    expect(mail.arrived).toHaveLength(2);
    expect(mail.arrived[1]?.mail.messageId).toBe(mail.arrived[0]?.mail.messageId);
    expect(tries).toMatchObject([{ outcome: 'given-up', repeated: true }]);
    expect(await db.notices.get(id)).toMatchObject({
      unknownOutcomes: 2,
      nextAttemptAt: null,
      lastError: expect.stringContaining('may have arrived twice'),
    });
  });

  it('is sent again after a failure, and given up at once when the address is refused', async () => {
    await announce('ada');
    mail.refuse = () => ({ code: 450, text: '4.2.0 later' });
    expect(await deliver()).toEqual(done(0, 1));
    db.clock.advance(60_000);
    mail.refuse = () => ({ code: 550, text: '5.1.1 ada@acme.test unknown' });
    expect(await deliver()).toEqual(done(0, 1));
    expect(tries.map(({ outcome }) => outcome)).toEqual(['failed', 'given-up']);
    expect(JSON.stringify(await db.notices.list({ limit: 9 }))).not.toContain('ada@');
    expect(await db.notices.summary()).toMatchObject({ givenUp: 1 });
  });

  it('looks the domain up again after an hour, and waits while its record is gone', async () => {
    const record = dns.answers.get(name) ?? [];
    dns.answers.delete(name);
    db.clock.advance(2 * hourMs);
    await announce('ada');
    expect(await deliver()).toEqual(done(0, 0));
    dns.asked.length = 0;
    db.clock.advance(hourMs / 2);
    expect(await deliver()).toEqual(done(0, 0));
    expect(dns.asked).toEqual([]);
    expect(await db.domains.get('acme.test')).toMatchObject({ status: 'verified', failures: 1 });
    dns.answers.set(name, record);
    db.clock.advance(hourMs);
    expect(await deliver()).toEqual(done(1, 0));
  });

  it('waits while no resolver answers, without counting that', async () => {
    dns.answers.set(name, 'server-failure');
    db.clock.advance(2 * hourMs);
    const id = await announce('ada');
    expect(await deliver()).toEqual(done(0, 0));
    expect(await db.domains.get('acme.test')).toMatchObject({ failures: 0 });
    expect(await db.notices.get(id)).toMatchObject({ attempts: 0, lastError: expect.any(String) });
  });

  it('does not go to a domain that is not verified, nor to one below it', async () => {
    await announce('bob', 'newcomer', 'bob@sub.acme.test');
    await announce('eve', 'newcomer', 'eve@other.test');
    expect(await deliver()).toEqual(done(0, 0));
    expect(mail.arrived).toEqual([]);
    expect(await db.notices.summary()).toMatchObject({ waiting: 2 });
  });

  it('goes to a changed address only a day after the one before was told', async () => {
    mail.refuse = () => ({ code: 450, text: '4.2.0 later' });
    const id = await announce('ada', 'address-changed');
    const memberId = `${store.id}.ada`;
    const welcome = {
      id: 'w',
      kind: 'newcomer',
      memberId,
      storeId: store.id,
      recordId: 'r1.ada',
    } as const;
    await db.notices.add([{ ...welcome, awaits: null }]);
    await deliver();
    expect(await db.notices.get('w')).toMatchObject({ attempts: 0 });
    mail.refuse = () => null;
    db.clock.advance(hourMs);
    await deliver();
    expect(mail.arrived.map(({ to }) => to)).toEqual([['old-ada@acme.test']]);
    expect(mail.arrived[0]?.raw).not.toContain(' ada@acme.test');
    expect(await db.notices.get(id)).toMatchObject({ deliveredAt: db.clock.now() });
    db.clock.advance(23 * hourMs);
    await deliver();
    expect(mail.arrived).toHaveLength(1);
    db.clock.advance(2 * hourMs);
    await deliver();
    expect(mail.arrived[1]?.to).toEqual(['ada@acme.test']);
  });

  it('is dropped when its member is gone, or mail is no longer wanted', async () => {
    await announce('ada');
    const { config } = store;
    const notifications = { ...config.settings.notifications, mail: 'none' } as const;
    await db.stores.configure(store.id, {
      fromRevision: 1,
      config: { ...config, settings: { ...config.settings, notifications } },
      by: 'cli:ada',
    });
    expect(await deliver()).toEqual(done(0, 0));
    expect(await db.notices.list({ limit: 9 })).toEqual([]);
  });
});
