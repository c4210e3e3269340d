import { endsSoon, guardRegex } from '../../../../src/core/mapping/regex-guard.ts';

describe('guardRegex', () => {
  it.each([
    /^(a+)+$/,
    /(?:a*)*/,
    /(a|a)*b/,
    /(a?){30}b/,
    /((ab)+c){2,}/,
    /(?<word>\w+\s?)*$/,
    /(?=(a+))*b/,
    /((a|b))+/,
    /(a)\1/,
    /(?<x>a)\k<x>/,
  ])('refuses %s', (regex) => {
    expect(() => guardRegex(regex)).toThrow('could take for ever: at column');
  });

  it.each([
    /^(\w+)\s+(\w+)$/,
    /(?:\d{3}-)+x/,
    /[(a+)+]+/,
    /\(a+\)+/,
    /(?:a|b)c?/,
    /a+?b*?/,
    /(?:ab){3}(?:cd)?/,
    /[^\]]+]/,
  ])('accepts %s', (regex) => {
    expect(() => guardRegex(regex)).not.toThrow();
  });
});

describe('endsSoon', () => {
  it('bounds the length of the text by the choices of the pattern', () => {
    expect(endsSoon(/^\w+$/, 'a'.repeat(4096))).toBe(true);
    expect(endsSoon(/^(\w+)\s+(\w+)\s+(\w+)$/, 'a'.repeat(80))).toBe(true);
    expect(endsSoon(/^\w+?x\w*?$/, 'a'.repeat(10_000))).toBe(true);
    expect(endsSoon(/.*.*.*=.*/, 'a'.repeat(1024))).toBe(false);
    expect(endsSoon(/^a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?b/, 'a')).toBe(false);
    expect(endsSoon(/^a|.*.*b/, 'a'.repeat(4096))).toBe(false);
  });
});
