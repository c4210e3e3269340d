import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import {
  emailKeyOf,
  parseAddressToFind,
  parseEmail,
  spellingsOf,
} from '../../../src/core/email.ts';

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
    ['ada.example.com', 'no @'],
    ['@example.com', 'nothing before the @'],
    ['a@b@example.com', 'before the @'],
    ['ada lovelace@example.com', 'before the @'],
    ['.ada@example.com', 'before the @'],
    ['ada..l@example.com', 'before the @'],
    ['a\u200bda@example.com', 'U+200B, at position 2'],
    [' a\u0000da@example.com', 'U+0000, at position 2'],
    ['\ufeffada@example.com', 'U+FEFF, at position 1'],
    ['ada\u3164@example.com', 'U+3164, at position 4'],
    ['ada\ufe0f@example.com', 'U+FE0F, at position 4'],
    ['👩\u200d🚀@example.com', 'U+200D, at position 2'],
    ['ada@exam\u00adple.com', 'U+00AD, at position 9'],
    ['ada@क्\u200dष.com', 'U+200D, at position 7'],
    ['ada@xn--11b2ezcw70k.com', 'punycode for a domain name that has a character that can'],
    ['"a\tda"@example.com', 'U+0009, at position 3'],
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

  it('trims blanks around the address', () => {
    expect(parseEmail(' \u00a0ada@example.com\t\r\n\u0085')).toEqual({
      ok: true,
      email: 'ada@example.com',
      key: 'ada@example.com',
    });
    expect(parseEmail(' \n')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('empty'),
    });
  });

  it('refuses every character that can’t be seen, and names it with its place', () => {
    const hidden = fc
      .integer({ min: 0, max: 0x10ffff })
      .filter((point) => /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/u.test(pointText(point)));
    fc.assert(
      fc.property(hidden, fc.nat(13), (point, at) => {
        const text = `${'ada@example.com'.slice(0, at + 1)}${pointText(point)}${'ada@example.com'.slice(at + 1)}`;
        const name = `U+${point.toString(16).toUpperCase().padStart(4, '0')}, at position ${at + 2}`;
        expect(parseEmail(text)).toEqual({ ok: false, reason: expect.stringContaining(name) });
      }),
    );
  });

  it('composes accents', () => {
    expect(parseEmail('do\u0308rte@example.com')).toMatchObject({
      email: 'd\u00f6rte@example.com',
    });
  });
});

describe('parseAddressToFind', () => {
  it('takes hidden characters, which members of earlier releases may have, and nothing else', () => {
    expect(parseAddressToFind('Ada@क्\u200dष.com ')).toEqual({
      ok: true,
      email: 'Ada@क्\u200dष.com',
      key: 'ada@क्\u200dष.com',
    });
    expect(parseAddressToFind('Ada@example.com')).toEqual(parseEmail('Ada@example.com'));
    expect(parseAddressToFind('a\u200dda')).toEqual(parseEmail('a\u200dda'));
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
    ['ada@münchen.example', 'ada@xn--mnchen-3ya.example'],
    ['ada@MÜNCHEN.example', 'ADA@XN--MNCHEN-3YA.EXAMPLE'],
    ['ada@MU\u0308NCHEN.example', 'ada@xn--mnchen-3ya.example'],
    ['ada@straße.de', 'ada@xn--strae-oqa.de'],
    ['用户@例子.广告', '用户@xn--fsqu00a.xn--4rr70v'],
    ['ada@मेल.भारत.example', 'ada@xn--r2bi6d.xn--h2brj9c.example'],
    ['ada@ｅｘａｍｐｌｅ.com', 'ada@example.com'],
    [' ada@x.de\n', 'ada@x.de'],
  ])('is the same for %s and %s', (one, other) => {
    expect(emailKeyOf(one)).toBe(emailKeyOf(other));
  });

  it.each([
    ['ı@x.tr', 'i@x.tr'],
    ['İ@x.tr', 'i@x.tr'],
    ['jose@x.es', 'josé@x.es'],
    ['a.b@x.de', 'ab@x.de'],
    ['xn--mnchen-3ya@x.de', 'münchen@x.de'],
    ['ada@xn--mnchen-3yb.de', 'ada@xn--mnchen-3ya.de'],
    ['ada@١.٢', 'ada@1.0.0.2'],
  ])('differs for %s and %s', (one, other) => {
    expect(emailKeyOf(one)).not.toBe(emailKeyOf(other));
  });

  it('is the same for a domain in its own script and in punycode', () => {
    const label = fc
      .array(
        fc
          .integer({ min: 0x41, max: 0xffff })
          .map(pointText)
          .filter((text) => /^\p{L}$/u.test(text)),
        { minLength: 1, maxLength: 10 },
      )
      .map((letters) => letters.join(''));
    const domain = fc
      .array(label, { minLength: 2, maxLength: 3 })
      .map((labels) => labels.join('.'));
    fc.assert(
      fc.property(domain, (name) => {
        const ascii = domainToASCII(name);
        fc.pre(/^[a-z0-9.-]+$/.test(ascii) && !name.normalize('NFD').includes('\u0345'));
        const key = emailKeyOf(`ada@${name}`);
        expect(emailKeyOf(`ada@${ascii}`)).toBe(key);
        expect(emailKeyOf(key)).toBe(key);
        expect(spellingsOf(`ada@${name}`)).toContain(`ada@${ascii}`);
        for (const spelling of spellingsOf(`ada@${ascii}`)) expect(emailKeyOf(spelling)).toBe(key);
      }),
    );
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

function pointText(point: number): string {
  return String.fromCodePoint(point);
}
