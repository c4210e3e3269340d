import fc from 'fast-check';
import { findByName, howItDiffers, looksLike, nameKey } from '../../../src/core/same-name.ts';

describe('the name of a group or an attribute', () => {
  it.each([
    ['Inge\u0301nieurs', 'Ing\u00e9nieurs'],
    ['Sales\u00a0Team', 'Sales Team'],
    [' Sales  Team\t', 'Sales Team'],
    ['Sales\u2009\u3000Team\r\n', 'Sales Team'],
    ['\ufeffSales', 'Sales'],
  ])('%j is %j', (spelling, name) => {
    expect(nameKey(spelling)).toBe(name);
  });

  it.each([
    ['sales', 'Sales'],
    ['S\u0430les', 'Sales'],
    ['Sa\u200bles', 'Sales'],
    ['SalesTeam', 'Sales Team'],
  ])('%j is not %j', (one, other) => {
    expect(nameKey(one)).not.toBe(nameKey(other));
  });

  it('finds all that have it, whichever way they spell it', () => {
    const names = ['Ing\u00e9', 'Inge\u0301 ', 'Inge', 'ing\u00e9'];
    expect(findByName(names, (name) => name)('Inge\u0301')).toEqual(names.slice(0, 2));
  });

  it('is compared the same way twice', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(fc.property(text, (name) => expect(nameKey(nameKey(name))).toBe(nameKey(name))));
  });
});

describe('two texts that look alike', () => {
  it.each([
    ['S\u0430les', 'Sales', ' (U+0430 instead of U+0061 at character 2)'],
    ['Sales\u00a0Team', 'Sales Team', ' (U+00A0 instead of U+0020 at character 6)'],
    ['Sales ', 'Sales', ' (U+0020 instead of nothing at character 6)'],
    ['Sales', 'Sa\u200bles', ' (nothing instead of U+200B at character 3)'],
    ['Inge\u0301nieurs', 'Ing\u00e9nieurs', ' (U+0065 U+0301 instead of U+00E9 at character 4)'],
    ['Level l', 'Level I', ' (U+006C instead of U+0049 at character 7)'],
    ['R0', 'RO', ' (U+0030 instead of U+004F at character 2)'],
    ['\ud835\udc00', 'A', ' (U+1D400 instead of U+0041 at character 1)'],
    ['Sales', 'Sale', ''],
    ['Sales', 'sales', ''],
    ['Sales', 'Sales', ''],
  ])('are told apart: %j and %j', (text, other, words) => {
    expect(howItDiffers(text, other)).toBe(words);
  });

  it.each([
    ['S\u0430les', 'Sales', true],
    ['Mu\u0308ller', 'M\u00fcller', true],
    ['O\u2019Brien', "O'Brien", true],
    ['Sales\u200b\u00a0', 'Sales', true],
    ['\uff33ales', 'Sales', true],
    ['M\u00fcller', 'Muller', false],
    ['sales', 'Sales', false],
    ['Sales', 'Sales', false],
  ])('are %j and %j: %j', (text, other, alike) => {
    expect(looksLike(text, other)).toBe(alike);
    expect(alike ? howItDiffers(text, other) : 'seen').not.toBe('');
  });

  it('are always told apart when one has a character that is not plain ASCII', () => {
    const plain = fc.string({ maxLength: 5 });
    // The unit `binary` is the same, but makes a table of all characters first, for seconds.
    const character = fc
      .integer({ min: 0, max: 0x10ffff })
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code));
    const odd = fc.string({ unit: character, minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(plain, odd, plain, (before, unlike, after) => {
        fc.pre(!/^[\x20-\x7e]*$/.test(unlike));
        const words = howItDiffers(`${before}${unlike}${after}`, before + after);
        expect(words).toMatch(/^ \(U\+.+ instead of .+ at character \d+\)$/);
      }),
    );
  });
});
