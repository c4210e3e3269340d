import { memberFields } from '../../../src/core/model/fields.ts';
import { didYouMean, suggest } from '../../../src/core/suggest.ts';

describe('suggest', () => {
  it.each([
    ['contry', 'country'],
    ['DEPARTMENT', 'department'],
    ['jobTilte', 'jobTitle'],
    ['firstname', 'firstName'],
    ['postalcod', 'postalCode'],
  ])('suggests %s for %s', (name, meant) => {
    expect(suggest(name, memberFields)).toBe(meant);
  });

  it.each(['zzz', 'x', ''])('has nothing close to %j', (name) => {
    expect(suggest(name, memberFields)).toBeNull();
    expect(didYouMean(name, memberFields)).toBe('');
  });

  it('suggests nothing for a text that is too long to be a name', () => {
    expect(suggest('a'.repeat(64), ['a'.repeat(65)])).toBe('a'.repeat(65));
    expect(suggest('a'.repeat(65), ['a'.repeat(65)])).toBeNull();
  });

  it('counts two swapped letters as one mistake', () => {
    expect(suggest('sva', ['sav', 'svelte'])).toBe('sav');
    expect(didYouMean('sva', ['sav'])).toBe(' Did you mean sav?');
  });

  it.each([
    ['S\u0430les', 'Sales', ' Did you mean Sales (U+0061 instead of U+0430 at character 2)?'],
    [
      'Sales',
      'Sales\u200b',
      ' Did you mean Sales\u200b (U+200B instead of nothing at character 6)?',
    ],
  ])('says how a name that looks like %j differs', (name, candidate, words) => {
    expect(didYouMean(name, [candidate])).toBe(words);
  });
});
