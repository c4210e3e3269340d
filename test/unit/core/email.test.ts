import fc from 'fast-check';
import { emailKeyOf, parseEmail } from '../../../src/core/email.ts';

describe('parseEmail', () => {
  it.each([
    'ada@example.com',
    'Ada.Lovelace+sync@mail.example.co.uk',
    "o'brien@example.com",
    'x@xn--mnchen-3ya.de',
    '用户@例子.广告',
    'θσερ@εχαμπλε.ψομ',
    'dörte@sörensen.example.com',
    'अजय@डाटा.भारत',
    '"john doe"@example.com',
    `${'a'.repeat(64)}@example.com`,
  ])('accepts %s', (text) => {
    expect(parseEmail(text)).toEqual({
      ok: true,
      email: text.normalize('NFC'),
      key: emailKeyOf(text),
    });
  });

  it.each([
    ['', 'empty'],
    [' ada@example.com', 'blanks around'],
    ['ada@example.com\n', 'blanks around'],
    ['ada.example.com', 'no @'],
    ['@example.com', 'nothing before the @'],
    ['a@b@example.com', 'before the @'],
    ['ada lovelace@example.com', 'before the @'],
    ['.ada@example.com', 'before the @'],
    ['ada..l@example.com', 'before the @'],
    ['a\u200bda@example.com', 'before the @'],
    ['a\u0000da@example.com', 'before the @'],
    ['ada@', 'not a domain name'],
    ['ada@example', 'not a domain name'],
    ['ada@-example.com', 'not a domain name'],
    ['ada@exa mple.com', 'not a domain name'],
    ['ada@example..com', 'not a domain name'],
    ['ada@[127.0.0.1]', 'not a domain name'],
    [`${'a'.repeat(65)}@example.com`, 'longer than 64 bytes'],
    [`${'ä'.repeat(33)}@example.com`, 'longer than 64 bytes'],
    [`ada@${'a'.repeat(64)}.com`, 'not a domain name'],
    [`ada@${'a.'.repeat(130)}com`, 'longer than 254 bytes'],
  ])('refuses %j', (text, reason) => {
    expect(parseEmail(text)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('composes accents', () => {
    expect(parseEmail('do\u0308rte@example.com')).toMatchObject({
      email: 'd\u00f6rte@example.com',
    });
  });
});

describe('emailKeyOf', () => {
  it.each([
    ['Ada@Example.COM', 'ada@example.com'],
    ['STRASSE@x.de', 'straße@x.de'],
    ['STRAẞE@x.de', 'straße@x.de'],
    ['ΟΔΥΣΣΕΥΣ@x.gr', 'οδυσσευς@x.gr'],
    ['DO\u0308RTE@x.de', 'dörte@x.de'],
    ['\u212Aim@x.de', 'kim@x.de'],
  ])('is the same for %s and %s', (one, other) => {
    expect(emailKeyOf(one)).toBe(emailKeyOf(other));
  });

  it.each([
    ['ı@x.tr', 'i@x.tr'],
    ['İ@x.tr', 'i@x.tr'],
    ['jose@x.es', 'josé@x.es'],
    ['a.b@x.de', 'ab@x.de'],
  ])('differs for %s and %s', (one, other) => {
    expect(emailKeyOf(one)).not.toBe(emailKeyOf(other));
  });

  it('is its own key, and ignores case and composition', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const key = emailKeyOf(text);
        expect(emailKeyOf(key)).toBe(key);
        expect(emailKeyOf(text.normalize('NFD'))).toBe(key);
        expect(emailKeyOf(text.toLowerCase())).toBe(key);
        // The capital of the dotless ı is I, which is not its capital in the key.
        expect(emailKeyOf(text.replaceAll('ı', '').toUpperCase())).toBe(
          emailKeyOf(text.replaceAll('ı', '')),
        );
      }),
    );
  });
});
