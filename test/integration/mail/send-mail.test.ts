import { createServer } from 'node:net';
import { Cancelled } from '../../../src/core/errors.ts';
import { mailAlerts } from '../../../src/notify/mail/mail-alerts.ts';
import { createMailSender, type MailSender } from '../../../src/notify/mail/send-mail.ts';
import { type MailServer, startMailServer } from '../../fakes/mail-server.ts';

const from = { name: 'Rollcall', address: 'rollcall@acme.test' };
const going = new AbortController().signal;
const aMail = { id: 'm1', to: ['ada@acme.test'], subject: 'Hello', text: 'First\nSecond\n' };

let server: MailServer;
const senders: MailSender[] = [];
beforeEach(async () => {
  server = await startMailServer();
});
afterEach(async () => {
  for (const sender of senders.splice(0)) sender.close();
  await server.close();
});

function open(parts: Partial<Parameters<typeof createMailSender>[0]['server']> = {}): MailSender {
  const { host, port } = server;
  const where = { host, port, tls: 'opportunistic', auth: undefined, ...parts } as const;
  const sender = createMailSender({ server: where, from });
  senders.push(sender);
  return sender;
}

describe('sending a mail', () => {
  it('hands text to the server, marked as automatic, under an id that stays the same', async () => {
    const { send } = open();
    expect(await send(aMail, going)).toBeNull();
    expect(await send(aMail, going)).toBeNull();
    expect(await send({ ...aMail, id: 'm2' }, going)).toBeNull();
    const [first, second, third] = server.arrived;
    expect(first).toMatchObject({
      from: 'rollcall@acme.test',
      to: ['ada@acme.test'],
      mail: { subject: 'Hello', text: 'First\nSecond\n', html: false },
    });
    expect(first?.raw).toContain('Auto-Submitted: auto-generated');
    expect(first?.mail.from?.text).toBe('"Rollcall" <rollcall@acme.test>');
    expect(first?.mail.messageId).toMatch(/^<[0-9a-f]{40}@acme\.test>$/);
    expect(second?.mail.messageId).toBe(first?.mail.messageId);
    expect(third?.mail.messageId).not.toBe(first?.mail.messageId);
    expect(server.connections).toBe(1);
  });

  it('never lets a text become a header', async () => {
    const subject = 'Hello\r\nBcc: eve@evil.test\r\n\r\nbody';
    await open().send({ ...aMail, subject }, going);
    expect(server.arrived[0]?.to).toEqual(['ada@acme.test']);
    expect(server.arrived[0]?.mail.bcc).toBeUndefined();
    expect(server.arrived[0]?.raw).not.toMatch(/^Bcc:/im);
  });

  it.each([
    ['recipient', 550, '5.1.1 no such user', { isFinal: true }],
    ['recipient', 550, '5.7.1 relaying denied', { isFinal: false }],
    ['recipient', 450, '4.2.0 try later', { isFinal: false }],
    ['mail', 554, '5.7.1 spam', { isFinal: false }],
  ] as const)('is refused at the %s with %i %s', async (step, code, text, expected) => {
    server.refuse = (at, address) => (at === step ? { code, text: `${text} ${address}` } : null);
    const problem = await open().send(aMail, going);
    expect(problem).toMatchObject(expected);
    expect(problem?.message).toContain(`answered ${code}`);
    expect(problem?.message).not.toContain('ada');
  });

  it('goes to a server that wants a name and a password, and shows neither', async () => {
    await server.close();
    server = await startMailServer({ user: 'rollcall', pass: 'hunter2' });
    const auth = { user: 'rollcall', pass: 'hunter2' };
    expect(await open({ auth }).send(aMail, going)).toBeNull();
    const wrong = await open({ auth: { user: 'rollcall', pass: 'wrong-1' } }).send(aMail, going);
    expect(wrong?.message).toContain('answered 535');
    expect(wrong?.message).not.toMatch(/rollcall|wrong-1/);
  });

  it('is not sent without TLS where that is required', async () => {
    expect(await open({ tls: 'required' }).send(aMail, going)).toMatchObject({ isFinal: false });
    expect(server.arrived).toEqual([]);
  });

  it('tells that nothing listens there, and is tried again later', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as { port: number };
    await new Promise((resolve) => probe.close(resolve));
    const problem = await open({ port }).send(aMail, going);
    expect(problem).toMatchObject({ isFinal: false });
    expect(problem?.message).toMatch(/^the mail server refuses connections/);
  });

  it('is not begun when the process stops', async () => {
    await expect(open().send(aMail, AbortSignal.abort())).rejects.toThrow(Cancelled);
    expect(server.arrived).toEqual([]);
  });
});

describe('an alert by mail', () => {
  it('reaches all administrators, whatever its message has', async () => {
    const send = mailAlerts(open().send, ['ops@acme.test', 'ada@acme.test']);
    const text = {
      message: `Failed: the sync.\r\nBcc: eve@evil.test ${'x'.repeat(300)}`,
      hint: 'Look.',
      url: 'https://rollcall.test/runs/1',
    };
    expect(await send({ id: 'mail_run-failed_1', body: '{}', text }, going)).toBeNull();
    const [arrived] = server.arrived;
    expect(arrived?.to).toEqual(['ops@acme.test', 'ada@acme.test']);
    expect(arrived?.mail.subject).toMatch(/^Rollcall: Failed: the sync\. Bcc: eve@evil\.test x+…$/);
    expect(arrived?.mail.text).toContain('Look.\n\nhttps://rollcall.test/runs/1');
    server.refuse = () => ({ code: 550, text: 'no' });
    expect(await send({ id: 'x', body: '{}', text }, going)).toContain('answered 550');
  });
});
