import fc from 'fast-check';
import { type Pattern, parsePattern } from '../../../../src/core/criteria/pattern.ts';

/** Prints a pattern with as few parentheses as its meaning needs. */
function print(pattern: Pattern, within: 'or' | 'and' | 'not' = 'or'): string {
  if ('condition' in pattern) return String(pattern.condition);
  if ('not' in pattern) return `not ${print(pattern.not, 'not')}`;
  if ('and' in pattern) {
    const text = pattern.and.map((each) => print(each, 'not')).join(' AND ');
    return within === 'not' ? `(${text})` : text;
  }
  const text = pattern.or.map((each) => print(each, 'and')).join(' or ');
  return within === 'or' ? text : `(${text})`;
}

/** Joins no nested `and` in `and` and no `or` in `or`, as parentheses keep them apart. */
const patterns: fc.Arbitrary<Pattern> = fc.letrec<{ pattern: Pattern }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.integer({ min: 1, max: 3 }).map((condition) => ({ condition })),
    tie('pattern').map((not) => ({ not })),
    fc.array(tie('pattern'), { minLength: 2, maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('pattern'), { minLength: 2, maxLength: 3 }).map((or) => ({ or })),
  ),
})).pattern;

describe('parsePattern', () => {
  it('binds not before and before or, in any case of letters', () => {
    expect(parsePattern('1 OR Not 2 and 3', 3)).toEqual({
      or: [{ condition: 1 }, { and: [{ not: { condition: 2 } }, { condition: 3 }] }],
    });
    expect(parsePattern('1 and(2 or 3)', 3)).toEqual({
      and: [{ condition: 1 }, { or: [{ condition: 2 }, { condition: 3 }] }],
    });
  });

  it('reads any and all, in any case of letters, of however many conditions', () => {
    const every = [{ condition: 1 }, { condition: 2 }];
    expect(parsePattern(' Any ', 2)).toEqual({ or: every });
    expect(parsePattern('ALL', 2)).toEqual({ and: every });
    const many = parsePattern('any', 500);
    expect('or' in many ? many.or : []).toHaveLength(500);
  });

  it('reads as many nested parentheses as ever, and names 500 conditions', () => {
    expect(parsePattern(`${'('.repeat(499)}1${')'.repeat(499)}`, 1)).toEqual({ condition: 1 });
    const numbers = Array.from({ length: 500 }, (_, index) => index + 1);
    expect(parsePattern(numbers.join(' or '), 500)).toEqual(parsePattern('any', 500));
  });

  it('reads a printed pattern back', () => {
    fc.assert(
      fc.property(patterns, (pattern) => {
        const whole: Pattern = {
          and: [pattern, { condition: 1 }, { condition: 2 }, { condition: 3 }],
        };
        expect(parsePattern(print(whole), 3)).toEqual(whole);
      }),
    );
  });

  it.each([
    ['', 1, 'column 1: expected a condition number, "not" or "(", found the end'],
    ['1 and', 1, 'column 6: expected a condition number, "not" or "(", found the end'],
    ['1 and (2 or 3', 3, 'column 14: expected "and", "or" or ")", found the end'],
    ['1 2', 2, 'column 3: expected "and", "or" or the end, found "2"'],
    ['1 und 2', 2, 'column 3: expected "and", "or" or the end, found "und"'],
    ['1 and )', 2, 'column 7: expected a condition number, "not" or "(", found ")"'],
    ['1) and 2', 2, 'column 2: expected "and", "or" or the end, found ")"'],
    ['1 & 2', 2, 'column 3: expected "and", "or" or the end, found "&"'],
    ['1 and 5', 3, 'column 7: there is no condition 5, they are numbered 1 to 3'],
    ['0 or 1', 1, 'column 1: there is no condition 0'],
    ['1 or 1', 3, "doesn't mention conditions 2, 3"],
    ['('.repeat(501), 1, '"not" or "(" nested more than 500 deep'],
    ['not '.repeat(501), 1, '"not" or "(" nested more than 500 deep'],
    ['(((('.repeat(5000), 1, 'longer than 10000 characters'],
  ])('refuses %.20j', (text, count, message) => {
    expect(() => parsePattern(text, count)).toThrow(message);
  });
});
