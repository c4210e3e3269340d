import fc from 'fast-check';
import {
  compileCriteria,
  evaluate,
  groupReferences,
  type ScopeVerdict,
} from '../../../../src/core/criteria/criteria.ts';
import type { Condition, Criteria, Operator } from '../../../../src/core/model/store-config.ts';
import { aSourceUser } from '../../../builders/source-user.ts';

const user = aSourceUser(
  {
    department: 'Sales',
    jobTitle: '',
    costCenter: null,
    unix_uid: 5001,
    inexact: JSON.parse('12345678901234567891'),
    sudo: true,
    created: '2026-03-01T10:00:00Z',
    badLoginAttempts: '7',
    company: 'Cafe\u0301 Noir',
    phoneNumbers: [
      { type: 'work', number: '111' },
      { type: 'mobile', number: '222' },
      { type: 'work', number: '333' },
    ],
    tags: ['red', 'green'],
    none: [],
    mfa: { configured: false },
  },
  { shirtSize: 'M', empty: '', badge: '1002', list: ['7', 'x'], '\u00e9quipe': 'A' },
);

function verdictOf(...conditions: readonly Condition[]): ScopeVerdict {
  return evaluate(compileCriteria({ users: { conditions } }), { user, groups: () => undefined });
}

function verdictOfPattern(pattern: string, conditions: readonly Condition[]): ScopeVerdict {
  return evaluate(compileCriteria({ users: { conditions, pattern } }), {
    user,
    groups: () => undefined,
  });
}

describe('a condition with a list of groups', () => {
  const membership = fc.constantFrom(true, false, undefined);
  const inWords = { true: 'in', false: 'out', undefined: 'unknown' } as const;

  it('holds in any of them, and is unknown if none is known to hold and one is unknown', () => {
    fc.assert(
      fc.property(fc.array(membership, { minLength: 1, maxLength: 20 }), (known) => {
        const memberOf = known.map((_, index) => `g${index}`);
        const verdict = evaluate(compileCriteria({ users: { conditions: [{ memberOf }] } }), {
          user,
          groups: (reference) => known[Number(reference.slice(1))],
        });
        const holds = known.includes(true) || (known.includes(undefined) ? undefined : false);
        const word = inWords[`${holds}`];
        expect(typeof verdict === 'string' ? verdict : 'unknown').toBe(word);
      }),
    );
  });

  it('names the first of 500 groups, and how many more', () => {
    const memberOf = Array.from({ length: 500 }, (_, index) => `Group ${index + 1}`);
    const compiled = compileCriteria({ users: { conditions: [{ memberOf }] } });
    expect(evaluate(compiled, { user, groups: () => undefined })).toEqual({
      unknown:
        'condition 1: one of the groups Group 1, Group 2, Group 3 and 497 more has members that are not known',
    });
  });

  it('names each group once', () => {
    const conditions = [{ memberOf: ['A', 'B'] }, { memberOf: 'A' }, { memberOf: ['B', 'C'] }];
    expect(groupReferences({ users: { conditions } })).toEqual(['A', 'B', 'C']);
  });

  it('is joined by the words any and all', () => {
    const conditions = [{ memberOf: 'A' }, { memberOf: ['B', 'C'] }];
    const verdict = (pattern: string, groups: readonly string[]) =>
      evaluate(compileCriteria({ users: { conditions, pattern } }), {
        user,
        groups: (reference) => groups.includes(reference),
      });
    expect(verdict('any', ['C'])).toBe('in');
    expect(verdict('any', [])).toBe('out');
    expect(verdict('all', ['C'])).toBe('out');
    expect(verdict('all', ['A', 'B'])).toBe('in');
  });
});

describe('a condition', () => {
  it.each<[string, Operator, unknown, ScopeVerdict]>([
    ['department', 'equals', 'Sales', 'in'],
    ['department', 'equals', 'sales', 'out'],
    ['department', 'notEquals', 'Sales', 'out'],
    ['department', 'contains', 'ale', 'in'],
    ['department', 'notContains', 'ale', 'out'],
    ['department', 'startsWith', 'Sa', 'in'],
    ['department', 'startsWith', 'ales', 'out'],
    ['department', 'endsWith', 'les', 'in'],
    ['department', 'in', ['Sales', 'IT'], 'in'],
    ['department', 'notIn', ['Sales', 'IT'], 'out'],
    ['department', 'notIn', ['IT'], 'in'],
    ['department', 'exists', undefined, 'in'],
    ['company', 'equals', 'Caf\u00e9 Noir', 'in'],
    ['sudo', 'equals', true, 'in'],
    ['sudo', 'equals', 'true', 'in'],
    ['mfa.configured', 'equals', false, 'in'],
    ['unix_uid', 'equals', '5001', 'in'],
    ['badLoginAttempts', 'equals', 7, 'in'],
    ['unix_uid', 'in', [1, '5001'], 'in'],
    ['unix_uid', 'greaterThan', 5000, 'in'],
    ['unix_uid', 'greaterThan', 5001, 'out'],
    ['unix_uid', 'lessThan', '10000', 'in'],
    ['badLoginAttempts', 'lessThan', 10, 'in'],
    ['created', 'greaterThan', '2026-02-28', 'in'],
    ['created', 'lessThan', '2026-03-01T12:30:00+02:30', 'out'],
    ['created', 'lessThan', '2026-03-01 10:00:01', 'in'],
    ['phoneNumbers[type=work].number', 'equals', '333', 'in'],
    ['phoneNumbers[type=work].number', 'notEquals', '333', 'out'],
    ['phoneNumbers[type=work].number', 'equals', '222', 'out'],
    ['phoneNumbers.number', 'equals', '222', 'in'],
    ['tags', 'equals', 'green', 'in'],
    ['tags', 'notIn', ['green'], 'out'],
    ['phoneNumbers', 'exists', undefined, 'in'],
  ])('%s %s %j: %j', (attribute, operator, value, verdict) => {
    expect(verdictOf({ attribute, operator, value } as Condition)).toBe(verdict);
  });

  it.each([
    'absent',
    'jobTitle',
    'costCenter',
    'none',
    'department.name',
    'phoneNumbers[type=fax].number',
  ])('takes %s as absent', (attribute) => {
    const verdicts = {
      equals: verdictOf({ attribute, operator: 'equals', value: 'x' }),
      notEquals: verdictOf({ attribute, operator: 'notEquals', value: 'x' }),
      contains: verdictOf({ attribute, operator: 'contains', value: 'x' }),
      notContains: verdictOf({ attribute, operator: 'notContains', value: 'x' }),
      in: verdictOf({ attribute, operator: 'in', value: ['x'] }),
      notIn: verdictOf({ attribute, operator: 'notIn', value: ['x'] }),
      exists: verdictOf({ attribute, operator: 'exists' }),
      notExists: verdictOf({ attribute, operator: 'notExists' }),
      greaterThan: verdictOf({ attribute, operator: 'greaterThan', value: 0 }),
      lessThan: verdictOf({ attribute, operator: 'lessThan', value: 0 }),
    };
    expect(verdicts).toEqual({
      equals: 'out',
      notEquals: 'in',
      contains: 'out',
      notContains: 'in',
      in: 'out',
      notIn: 'in',
      exists: 'out',
      notExists: 'in',
      greaterThan: 'out',
      lessThan: 'out',
    });
  });

  it.each(['5e3', '5000.0', '0x1388', '0o11610', '+5000'])(
    'takes %s for a number to compare with',
    (value) => {
      expect(verdictOf({ attribute: 'unix_uid', operator: 'greaterThan', value })).toBe('in');
      expect(verdictOf({ attribute: 'unix_uid', operator: 'lessThan', value })).toBe('out');
    },
  );

  it('finds custom attributes by their exact name', () => {
    expect(verdictOf({ custom: 'shirtSize', operator: 'equals', value: 'M' })).toBe('in');
    expect(verdictOf({ custom: 'shirtsize', operator: 'exists' })).toBe('out');
    expect(verdictOf({ custom: 'empty', operator: 'exists' })).toBe('out');
    expect(verdictOf({ custom: 'constructor', operator: 'exists' })).toBe('out');
    expect(verdictOf({ custom: 'e\u0301quipe ', operator: 'equals', value: 'A' })).toBe('in');
    expect(verdictOf({ custom: 'badge', operator: 'equals', value: 1002 })).toBe('in');
  });

  it('cannot tell a custom attribute with several values, nor any when none can be read', () => {
    const list = { custom: 'list', operator: 'notEquals', value: '7' } as const;
    expect(verdictOf(list)).toEqual({
      unknown: 'condition 1: custom attribute list is a list, not a single value',
    });
    const unreadable = { ...user, customIsUnreadable: true } as const;
    const criteria = compileCriteria({ users: { conditions: [{ ...list, custom: 'badge' }] } });
    expect(evaluate(criteria, { user: unreadable, groups: () => undefined })).toEqual({
      unknown: expect.stringContaining('custom attribute badge is an object'),
    });
  });

  it('cannot tell a number that JSON does not hold exactly', () => {
    expect(verdictOf({ attribute: 'inexact', operator: 'notEquals', value: 'x' })).toEqual({
      unknown: expect.stringContaining('is a number with too many digits to be read exactly'),
    });
  });

  it.each<[Condition, string]>([
    [
      { attribute: 'department', operator: 'greaterThan', value: 5 },
      'attribute department is a text that is not a number',
    ],
    [
      { attribute: 'unix_uid', operator: 'lessThan', value: '2026-01-01' },
      'is a number that is not a date or time',
    ],
    [{ attribute: 'sudo', operator: 'lessThan', value: 1 }, 'is a boolean that is not a number'],
    [
      { attribute: 'mfa', operator: 'equals', value: 'x' },
      'attribute mfa is an object, not a single value',
    ],
    [
      { attribute: 'phoneNumbers', operator: 'notContains', value: 'x' },
      'is an object, not a single value',
    ],
    [{ memberOf: 'Engineers' }, 'group Engineers has members that are not known'],
  ])('cannot be evaluated: %j', (condition, why) => {
    expect(verdictOf(condition)).toEqual({ unknown: expect.stringContaining(`condition 1: `) });
    expect(verdictOf(condition)).toEqual({ unknown: expect.stringContaining(why) });
  });

  it('that cannot be evaluated matters only when the others do not decide', () => {
    const no: Condition = { attribute: 'department', operator: 'equals', value: 'IT' };
    const yes: Condition = { attribute: 'department', operator: 'equals', value: 'Sales' };
    const unknown: Condition = { attribute: 'mfa', operator: 'equals', value: 'x' };
    expect(verdictOfPattern('1 and 2', [unknown, no])).toBe('out');
    expect(verdictOfPattern('1 or 2', [unknown, yes])).toBe('in');
    expect(verdictOfPattern('1 or 2', [no, unknown])).toEqual({
      unknown: expect.stringContaining('condition 2'),
    });
  });

  it('asks for groups by the name or id written', () => {
    const criteria: Criteria = {
      users: {
        conditions: [{ memberOf: 'Engineers' }, { memberOf: 'g2' }, { memberOf: 'g2' }],
        pattern: '1 and not (2 or 3)',
      },
    };
    const compiled = compileCriteria(criteria);
    expect(evaluate(compiled, { user, groups: (reference) => reference === 'Engineers' })).toBe(
      'in',
    );
    expect(evaluate(compiled, { user, groups: () => true })).toBe('out');
    expect(groupReferences(criteria)).toEqual(['Engineers', 'g2']);
  });
});

describe('criteria', () => {
  it('take all users, or those for whom every condition holds', () => {
    expect(evaluate(compileCriteria({ users: 'all' }), { user, groups: () => undefined })).toBe(
      'in',
    );
    const conditions: Condition[] = [
      { attribute: 'department', operator: 'exists' },
      { attribute: 'sudo', operator: 'equals', value: false },
    ];
    expect(verdictOf(...conditions)).toBe('out');
    expect(verdictOfPattern('1 or 2', conditions)).toBe('in');
  });

  it('join conditions as a plain reading of the pattern does', () => {
    const pattern = '1 and (2 or not 3) or not 1 and 3';
    const read = ([one, two, three]: readonly boolean[]) =>
      (one && (two || !three)) || (!one && three);
    fc.assert(
      fc.property(fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), (flags) => {
        const conditions = flags.map(
          (flag): Condition => ({
            attribute: 'department',
            operator: flag ? 'exists' : 'notExists',
          }),
        );
        expect(verdictOfPattern(pattern, conditions)).toBe(read(flags) ? 'in' : 'out');
      }),
    );
  });

  it('are refused with all that is wrong', () => {
    const conditions = [
      { attribute: 'department', operator: 'equals' },
      { attribute: 'department', operator: 'in', value: 'Sales' },
      { attribute: 'department', operator: 'in', value: [] },
      { attribute: 'department', operator: 'equals', value: ['Sales'] },
      { attribute: 'department', operator: 'exists', value: 'Sales' },
      { attribute: 'created', operator: 'greaterThan', value: '2026-02-31' },
      { attribute: 'phoneNumbers[work]', operator: 'exists' },
    ] as const;
    const refusal = () => compileCriteria({ users: { conditions, pattern: '1 and 9' } });
    expect(refusal).toThrow(
      [
        'criteria.users.conditions[0]: the operator equals needs a value',
        'criteria.users.conditions[1]: the operator in takes a list, such as [S, M]',
        'criteria.users.conditions[2]: the operator in needs a list that is not empty',
        'criteria.users.conditions[3]: the operator equals takes a single value; for a list use in or notIn',
        'criteria.users.conditions[4]: the operator exists takes no value',
        'criteria.users.conditions[5]: the operator greaterThan compares numbers or dates: give a number, or a date such as 2026-01-31',
        'criteria.users.conditions[6]: in the attribute path "phoneNumbers[work]", column 13: expected a filter such as [type=work], found "["',
        'criteria.users: in the pattern, column 7: there is no condition 9, they are numbered 1 to 7',
      ].join('\n'),
    );
    expect(() => compileCriteria({ users: { conditions: [] } })).toThrow('at least one condition');
  });
});
