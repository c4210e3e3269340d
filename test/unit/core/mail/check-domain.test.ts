import { afterCheck, mayMail, needsCheck } from '../../../../src/core/mail/check-domain.ts';
import { domainOf, readDomain, recordOf } from '../../../../src/core/mail/domain-record.ts';
import type { MailDomain } from '../../../../src/core/model/mail-domain.ts';
import { aDomain } from '../../../builders/models.ts';

const now = new Date('2026-01-05T00:00:00Z');
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const own = (domain: MailDomain) =>
  ({ kind: 'records', values: [recordOf(domain).value] }) as const;
const pending = aDomain({
  status: 'pending',
  verifiedAt: null,
  checkedAt: null,
  confirmedAt: null,
});

describe('the domain of addresses', () => {
  it.each([
    ['Example.COM', 'example.com'],
    [' example.com. ', 'example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
  ])('%j is stored as %s', (text, domain) => {
    expect(readDomain(text)).toBe(domain);
  });

  it.each(['', 'com', 'a b.test', 'a@b.test', '*.acme.test', '-a.test', 'a.test/x', '1.2.3.4:53'])(
    '%j is refused',
    (text) => {
      expect(() => readDomain(text)).toThrow('is no domain');
    },
  );

  it('is refused when its record would have too long a name', () => {
    const label = 'a'.repeat(60);
    expect(readDomain([label, label, label, 'a'.repeat(58)].join('.'))).toHaveLength(241);
    expect(() => readDomain([label, label, label, label, 'test'].join('.'))).toThrow('no domain');
  });

  it('is that of an address, whatever its spelling', () => {
    expect(domainOf('"a@b"@Bücher.Example')).toBe('xn--bcher-kva.example');
    expect(domainOf('ada@sub.acme.test')).toBe('sub.acme.test');
  });
});

describe('a check of a domain', () => {
  it('verifies it by its own record, among records of others', () => {
    const answer = { kind: 'records', values: ['v=spf1 -all', ...own(pending).values] } as const;
    expect(afterCheck(pending, answer, now)).toMatchObject({
      status: 'verified',
      verifiedAt: now,
      checkedAt: now,
      problem: null,
    });
  });

  it('keeps the time of a verification that goes on', () => {
    const domain = aDomain({ failures: 2, problem: 'x' });
    expect(afterCheck(domain, own(domain), now)).toMatchObject({
      verifiedAt: domain.verifiedAt,
      confirmedAt: now,
      failures: 0,
    });
  });

  it.each([
    ['no record', { kind: 'none' }],
    ['other records', { kind: 'records', values: ['v=spf1 -all'] }],
    ['another value', { kind: 'records', values: ['rollcall-verification=xyz'] }],
  ] as const)('that finds %s counts, and the third in a row lapses it', (_what, answer) => {
    const once = afterCheck(aDomain(), answer, now);
    expect(once).toMatchObject({ status: 'verified', failures: 1, problem: expect.any(String) });
    const twice = afterCheck(once, answer, now);
    expect(afterCheck(twice, answer, now)).toMatchObject({ status: 'lapsed', verifiedAt: null });
    const between = afterCheck(twice, own(twice), now);
    expect(afterCheck(between, answer, now)).toMatchObject({ status: 'verified', failures: 1 });
  });

  it('refuses a domain with the tokens of two installations', () => {
    const both = { kind: 'records', values: [...own(pending).values, 'rollcall-verification=x'] };
    expect(afterCheck(pending, both as { kind: 'records'; values: string[] }, now)).toMatchObject({
      status: 'pending',
      problem: 'A different token of Rollcall stands at _rollcall.acme.test.',
    });
  });

  it('without an answer changes nothing but the problem', () => {
    const domain = aDomain({ failures: 2 });
    const checked = afterCheck(domain, { kind: 'unknown', reason: 'ETIMEOUT' }, now);
    expect(checked).toEqual({ ...domain, problem: expect.stringContaining('ETIMEOUT') });
  });

  it('never verifies a lapsed domain under its earlier time', () => {
    const lapsed = aDomain({ status: 'lapsed', verifiedAt: null, failures: 3 });
    expect(afterCheck(lapsed, own(lapsed), now)).toMatchObject({
      status: 'verified',
      verifiedAt: now,
    });
  });

  it('is due a day after the last answer, for verified domains', () => {
    expect(needsCheck(aDomain({ checkedAt: ago(24) }), now)).toBe(true);
    expect(needsCheck(aDomain({ checkedAt: ago(23) }), now)).toBe(false);
    expect(needsCheck(aDomain({ checkedAt: ago(99), status: 'lapsed' }), now)).toBe(false);
  });
});

describe('mail to a domain', () => {
  it.each([
    [{ checkedAt: ago(0.9) }, 'yes'],
    [{ checkedAt: ago(1) }, 'check'],
    [{ checkedAt: ago(0.5), failures: 1 }, 'wait'],
    [{ checkedAt: ago(2), failures: 1 }, 'check'],
    [{ checkedAt: ago(0.1), status: 'lapsed' }, 'no'],
    [{ status: 'pending' }, 'no'],
  ] as const)('with %j: %s', (parts, answer) => {
    expect(mayMail(aDomain(parts), now)).toBe(answer);
  });
});
