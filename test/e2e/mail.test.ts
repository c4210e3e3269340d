import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DnsServer, startDnsServer } from '../fakes/dns-server.ts';
import { type MailServer, startMailServer } from '../fakes/mail-server.ts';
import { eventually, type Installation, install, type Running } from './processes.ts';

const name = 'acme';
interface Added {
  readonly record: { readonly name: string; readonly value: string };
}
type Listed = readonly { readonly status: string; readonly fields: { readonly email: string } }[];

let site: Installation;
let dns: DnsServer;
let mail: MailServer;
let worker: Running;

// Every command is a process of its own.
jest.setTimeout(300_000);

describe('mail to the newcomers of an installation', () => {
  beforeAll(async () => {
    dns = await startDnsServer();
    mail = await startMailServer();
    site = await install({ users: 5, groups: 0, seed: 7 });
    Object.assign(site.env, {
      SMTP_URL: `smtp://${mail.host}:${mail.port}`,
      MAIL_FROM: 'Rollcall <rollcall@acme.test>',
      MAIL_ADMINS: 'ops@acme.test',
      DNS_SERVERS: dns.address,
    });
    await site.ask(['token', 'create', '--role', 'owner', '--name', 'ada']);
    worker = await site.serve('worker');
    const add = ['store', 'add', name, '--directory', 'jumpcloud', '--api-key-stdin'];
    await site.ask(add, site.simulator.apiKey);
  });
  afterAll(async () => {
    await worker.stop();
    await site.close();
    await mail.close();
    await dns.close();
  });

  it('reaches each active member once, after its domain was verified by DNS', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-mail-'));
    const file = join(folder, 'store.yaml');
    await writeFile(file, 'settings: { notifications: { mail: notify } }\n');
    await site.ask(['store', 'apply', name, '-f', file]);
    await rm(folder, { recursive: true });
    const plan = await site.ask<{ id: string }>(['sync', name, '--plan', '--wait']);
    const { records } = await site.ask<{ records: { email: string }[] }>([
      'runs',
      'show',
      plan.id,
      '--records',
    ]);
    for (const domain of new Set(records.map(({ email }) => email.split('@')[1] ?? ''))) {
      const { record } = await site.ask<Added>(['domains', 'add', domain]);
      expect((await site.rollcall(['domains', 'verify', domain])).code).toBe(1);
      dns.answers.set(record.name, [record.value]);
      expect((await site.rollcall(['domains', 'verify', domain])).code).toBe(0);
    }
    await site.ask(['sync', name, '--notify', '--wait']);
    const members = await site.ask<Listed>(['members', 'list']);
    const active = members.filter(({ status }) => status === 'active');
    const addresses = active.map(({ fields }) => fields.email).sort();
    expect(addresses.length).toBeGreaterThan(0);
    await eventually(async () => (mail.arrived.length >= addresses.length ? true : null));
    expect(mail.arrived).toHaveLength(addresses.length);
    expect(new Set(mail.arrived.map(({ to }) => to[0]))).toEqual(new Set(addresses));
    expect((await site.rollcall(['mail', 'test'])).code).toBe(0);
    expect(mail.arrived.at(-1)?.to).toEqual(['ops@acme.test']);
  });
});
