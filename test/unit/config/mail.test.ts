import { loadConfig } from '../../../config/load.ts';
import { ConfigError } from '../../../src/core/errors.ts';

const required = {
  MONGODB_URI: 'mongodb://127.0.0.1',
  REDIS_URL: 'redis://127.0.0.1',
  SECRETS_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
};
const from = { MAIL_FROM: 'Rollcall <rollcall@acme.test>' };

function problemOf(env: Record<string, string>): string {
  try {
    loadConfig({ ...required, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('the settings of mail', () => {
  it.each([
    ['smtps://u:p%23@smtp.acme.test', 465, 'always', { user: 'u', pass: 'p#' }],
    ['smtp://smtp.acme.test', 587, 'required', undefined],
    ['smtp://smtp.acme.test:25?tls=opportunistic', 25, 'opportunistic', undefined],
    ['smtp://127.0.0.1:1025', 1025, 'opportunistic', undefined],
  ])('%s names a server', (url, port, tls, auth) => {
    const { mail } = loadConfig({ ...required, ...from, SMTP_URL: url });
    expect(mail?.server).toMatchObject({ port, tls });
    expect(mail?.server.auth).toEqual(auth);
    expect(mail?.from).toEqual({ name: 'Rollcall', address: 'rollcall@acme.test' });
  });

  it.each([
    'http://smtp.acme.test',
    'smtp://u:hunter2@smtp.acme.test/path',
    'smtp://u:hunter2@smtp.acme.test?secure=false',
    'smtp://u:hunter2%zz@smtp.acme.test',
    'hunter2',
  ])('%s is refused, and is not repeated', (url) => {
    const problem = problemOf({ ...from, SMTP_URL: url });
    expect(problem).toContain('SMTP_URL: ');
    expect(problem).not.toContain('hunter2');
  });

  it('need a sender, and a server for administrators', () => {
    expect(problemOf({ SMTP_URL: 'smtp://127.0.0.1' })).toContain('MAIL_FROM: missing');
    expect(problemOf({ MAIL_ADMINS: 'ops@acme.test' })).toContain('SMTP_URL: missing');
    expect(problemOf({ ...from, SMTP_URL: 'smtp://127.0.0.1', MAIL_ADMINS: 'ops,' })).toContain(
      'MAIL_ADMINS: entry 1',
    );
    expect(problemOf({ MAIL_FROM: 'Eve\nBcc: x <a@b.test>' })).toContain('MAIL_FROM: ');
  });

  it('name resolvers by their addresses', () => {
    const { dnsServers } = loadConfig({ ...required, DNS_SERVERS: '192.0.2.1, [::1]:5353,::1' });
    expect(dnsServers).toEqual(['192.0.2.1', '[::1]:5353', '::1']);
    for (const wrong of ['dns.acme.test', '192.0.2.1:0', '192.0.2.1:99999', '::1:x']) {
      expect(problemOf({ DNS_SERVERS: wrong })).toContain('entry 1');
    }
  });

  it('keep the address of Slack to themselves', () => {
    const problem = problemOf({ SLACK_WEBHOOK_URL: 'ftp://hooks.slack.com/hunter2' });
    expect(problem).toContain('SLACK_WEBHOOK_URL: ');
    expect(problem).not.toContain('hunter2');
  });
});
