import { createLookUpTxt } from '../../../src/notify/mail/look-up-txt.ts';
import { type DnsServer, startDnsServer } from '../../fakes/dns-server.ts';

const name = '_rollcall.acme.test';

let dns: DnsServer;
beforeEach(async () => {
  dns = await startDnsServer();
});
afterEach(() => dns.close());

const lookUp = () => createLookUpTxt([dns.address])(name);

describe('looking TXT records up', () => {
  it('returns all values, with the parts of each joined', async () => {
    dns.answers.set(name, ['v=spf1 -all', ['rollcall-', 'verification=abc']]);
    expect(await lookUp()).toEqual({
      kind: 'records',
      values: ['v=spf1 -all', 'rollcall-verification=abc'],
    });
    expect(dns.asked).toEqual([name]);
  });

  it.each(['no-domain', 'no-record'] as const)('knows that there is none: %s', async (answer) => {
    dns.answers.set(name, answer);
    expect(await lookUp()).toEqual({ kind: 'none' });
  });

  it.each(['server-failure', 'refused'] as const)('knows nothing after %s', async (answer) => {
    dns.answers.set(name, answer);
    expect(await lookUp()).toMatchObject({ kind: 'unknown' });
  });

  it('knows nothing while no resolver answers', async () => {
    const { address } = dns;
    await dns.close();
    expect(await createLookUpTxt([address])(name)).toMatchObject({ kind: 'unknown' });
    dns = await startDnsServer();
  });

  it('knows nothing of a name that can’t be asked for', async () => {
    expect(await createLookUpTxt([dns.address])(`${'a'.repeat(64)}.test`)).toMatchObject({
      kind: 'unknown',
    });
  });
});
