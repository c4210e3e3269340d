import fc from 'fast-check';
import { compileCriteria, evaluate } from '../../../../src/core/criteria/criteria.ts';
import { explainCriteria, whatWouldAdmit } from '../../../../src/core/criteria/explain.ts';
import { type Pattern, parsePattern } from '../../../../src/core/criteria/pattern.ts';
import type { Condition } from '../../../../src/core/model/store-config.ts';
import { aSourceUser } from '../../../builders/source-user.ts';

const count = 5;
const patterns: fc.Arbitrary<Pattern> = fc.letrec<{ pattern: Pattern }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.integer({ min: 1, max: count }).map((condition) => ({ condition })),
    tie('pattern').map((not) => ({ not })),
    fc.array(tie('pattern'), { minLength: 2, maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('pattern'), { minLength: 2, maxLength: 3 }).map((or) => ({ or })),
  ),
})).pattern;

function isTrue(pattern: Pattern, holding: readonly (boolean | null)[]): boolean {
  if ('condition' in pattern) return holding[pattern.condition - 1] === true;
  if ('not' in pattern) return !isTrue(pattern.not, holding);
  if ('and' in pattern) return pattern.and.every((each) => isTrue(each, holding));
  return pattern.or.some((each) => isTrue(each, holding));
}

/** All combinations of conditions, with the numbers of those that differ from the present ones. */
function alternatives(holding: readonly boolean[]) {
  return Array.from({ length: 2 ** holding.length }, (_, bits) => {
    const changed = holding.flatMap((_holds, index) => (bits & (1 << index) ? [index + 1] : []));
    const otherwise = holding.map((holds, index) => (changed.includes(index + 1) ? !holds : holds));
    return { changed, otherwise };
  });
}

describe('the changes that would admit a person', () => {
  it('are all smallest sets of changes that do, and nothing else', () => {
    const people = fc.array(fc.boolean(), { minLength: count, maxLength: count });
    fc.assert(
      fc.property(patterns, people, (pattern, holding) => {
        const admitting = alternatives(holding).filter((each) => isTrue(pattern, each.otherwise));
        const fewest = Math.min(...admitting.map(({ changed }) => changed.length));
        const smallest = admitting.filter(({ changed }) => changed.length === fewest);
        const found = whatWouldAdmit(pattern, holding).map((way) => way.map((each) => each.number));
        expect(found.map(String).toSorted()).toEqual(
          smallest.map(({ changed }) => String(changed)).toSorted(),
        );
      }),
    );
  });

  it('say whether a condition would have to hold or to stop holding', () => {
    expect(whatWouldAdmit(parsePattern('1 and not 2', 2), [false, true])).toEqual([
      [
        { number: 1, mustHold: true },
        { number: 2, mustHold: false },
      ],
    ]);
  });

  it('include a condition whose result is unknown', () => {
    expect(whatWouldAdmit(parsePattern('1 and not 2', 2), [true, null])).toEqual([
      [{ number: 2, mustHold: false }],
    ]);
  });

  it('are none when the pattern contradicts itself', () => {
    expect(whatWouldAdmit(parsePattern('1 and not 1', 1), [true])).toEqual([]);
  });

  it('are found soon in a long pattern of alternatives', () => {
    const pairs = Array.from({ length: 60 }, (_, pair) => `(${2 * pair + 1} or ${2 * pair + 2})`);
    const holding = pairs.flatMap((_, pair) => (pair < 58 ? [false, true] : [false, false]));
    const ways = whatWouldAdmit(parsePattern(pairs.join(' and '), 120), holding);
    expect(ways.map((way) => way.map(({ number }) => number))).toEqual([
      [117, 119],
      [117, 120],
      [118, 119],
      [118, 120],
    ]);
  });
});

describe('the changes that would admit, of 500 conditions', () => {
  const numbers = Array.from({ length: 500 }, (_, index) => index + 1);
  const none = numbers.map(() => false);
  const pairs = numbers.filter((number) => number % 2 === 1).map((at) => `(${at} or ${at + 1})`);

  it('are each of them for any, and all of them for all', () => {
    const ways = whatWouldAdmit(parsePattern('any', 500), none);
    expect(ways).toEqual(numbers.map((number) => [{ number, mustHold: true }]));
    const [way, ...others] = whatWouldAdmit(parsePattern('all', 500), none);
    expect(way).toHaveLength(500);
    expect(others).toEqual([]);
  });

  it.each([
    ['pairs that must each hold', pairs.join(' and ')],
    [
      'conditions that are named twice',
      `(${pairs.join(' and ')}) and ${numbers.slice(0, 450).join(' and ')}`,
    ],
    ['the opposite of one', `(${pairs.join(' and ')}) and not 1`],
    ['pairs twice', `(${pairs.slice(0, 200).join(' and ')}) and (${pairs.join(' and ')})`],
    [
      'deep nesting',
      `${'('.repeat(400)}${pairs.join(' and ')}${numbers
        .slice(0, 400)
        .map((n) => ` or ${n})`)
        .join('')}`,
    ],
  ])('are found soon for %s', (_, pattern) => {
    const read = parsePattern(pattern, 500);
    const startedMs = performance.now();
    const [way = []] = whatWouldAdmit(read, none);
    expect(performance.now() - startedMs).toBeLessThan(2000);
    const wanted = new Map(way.map(({ number, mustHold }) => [number, mustHold]));
    expect(
      isTrue(
        read,
        numbers.map((number) => wanted.get(number) ?? false),
      ),
    ).toBe(true);
  });
});

describe('explaining criteria', () => {
  const user = aSourceUser({ department: 'IT', tags: ['a', 'b'], info: {} }, { shirtSize: 'M' });
  const conditions: readonly Condition[] = [
    { attribute: 'department', operator: 'equals', value: 'Sales' },
    { custom: 'shirtSize', operator: 'in', value: ['S', 'M'] },
    { attribute: 'tags', operator: 'exists' },
    { attribute: 'company', operator: 'equals', value: 'Acme' },
    { memberOf: 'Engineers' },
    { attribute: 'info', operator: 'equals', value: 'x' },
  ];
  const explain = (pattern: string | undefined, used = conditions.length) =>
    explainCriteria(
      {
        users: {
          conditions: conditions.slice(0, used),
          ...(pattern !== undefined && { pattern }),
        },
      },
      { user, groups: () => true },
    );

  it('shows each condition with the person’s values', () => {
    const shown = explain(undefined)?.conditions.map(({ holds, actual, unknown }) => ({
      holds,
      actual,
      unknown,
    }));
    expect(shown).toEqual([
      { holds: false, actual: ['IT'], unknown: null },
      { holds: true, actual: ['M'], unknown: null },
      { holds: true, actual: ['a', 'b'], unknown: null },
      { holds: false, actual: [], unknown: null },
      { holds: true, actual: null, unknown: null },
      { holds: null, actual: [{}], unknown: 'is an object, not a single value' },
    ]);
  });

  it.each([
    ['2 and (4 or 1) and 3', 4, 1, [[1], [4]]],
    ['3 and not 2 and (1 or not 1)', 3, 1, [[2]]],
    ['not 2 and not 3 and (4 or not 4) and (1 or not 1)', 4, 1, [[2, 3]]],
    ['not (2 and 3) and (1 or not 1)', 3, 1, [[2], [3]]],
  ])(
    'names in "%s" the first that fails, and the changes that would admit',
    (pattern, used, first, admit) => {
      const explained = explain(pattern, used);
      expect(explained?.verdict).toBe('out');
      expect(explained?.firstFailing).toBe(first);
      expect(explained?.wouldAdmit.map((way) => way.map(({ number }) => number))).toEqual(admit);
    },
  );

  it('names a condition that must not hold as the failing one', () => {
    expect(explain('2 and not 3 and (1 or 2)', 3)?.firstFailing).toBe(1);
    expect(
      explainCriteria(
        { users: { conditions: conditions.slice(1, 3), pattern: '1 and not 2' } },
        { user, groups: () => undefined },
      )?.firstFailing,
    ).toBe(2);
  });

  it('reports nothing for a person in scope', () => {
    expect(explain('1 or 2', 2)).toMatchObject({
      verdict: 'in',
      firstFailing: null,
      wouldAdmit: [],
      pattern: '1 or 2',
    });
    expect(explain(undefined, 1)?.pattern).toBe('1');
    expect(explainCriteria({ users: 'all' }, { user, groups: () => true })).toBeNull();
  });

  it('agrees with the run', () => {
    const criteria = { users: { conditions } };
    const subject = { user, groups: () => undefined };
    expect(explainCriteria(criteria, subject)?.verdict).toEqual(
      evaluate(compileCriteria(criteria), subject),
    );
  });
});
