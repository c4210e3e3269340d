import fc from 'fast-check';
import { transforms } from '../../../../src/core/mapping/transforms.ts';

function apply(name: string, text: string): string | undefined {
  return transforms.get(name)?.(text);
}

describe('a transform', () => {
  it.each([
    ['trim', ' \u00a0a b\n', 'a b'],
    ['lowercase', 'ÄBC', 'äbc'],
    ['uppercase', 'straße', 'STRASSE'],
    ['nfc', 'e\u0301', '\u00e9'],
    ['digits', '+49 (30) 123-45', '493012345'],
    ['digits', '٠١٢ x', '٠١٢'],
    ['collapseSpaces', 'a \t\n b', 'a b'],
    ['titlecase', 'ADA LOVELACE', 'Ada Lovelace'],
    ['titlecase', "o'brien-smith, it's", "O'Brien-Smith, It's"],
    ['titlecase', 'élodie ßtern 3rd', 'Élodie Sstern 3rd'],
    ['titlecase', 'οδυσσευς', 'Οδυσσευς'],
  ])('%s makes %j into %j', (name, text, expected) => {
    expect(apply(name, text)).toBe(expected);
  });

  it.each([...transforms.keys()])('%s done twice is the same as done once', (name) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = apply(name, text) ?? '';
        expect(apply(name, once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });
});
