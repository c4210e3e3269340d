import { parse } from 'yaml';
import { defaultStoreConfig } from '../../../../src/core/store-file/default-config.ts';
import { parseStoreFile } from '../../../../src/core/store-file/parse-store-file.ts';
import { defaultMapping } from '../../../../src/directories/jumpcloud/default-mapping.ts';

const current = defaultStoreConfig(defaultMapping);

const apply = (yaml: string) => parseStoreFile(parse(yaml), current, defaultMapping);

/** The lines of a refusal. */
function complaintsAbout(yaml: string): readonly string[] {
  try {
    apply(yaml);
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [];
  }
}

describe('criteria with many groups', () => {
  const groups = (count: number) => Array.from({ length: count }, (_, index) => `Group ${index}`);
  const criteriaOf = (users: object) => JSON.stringify({ criteria: { users } });

  it('have a list of 500 in a condition, or 500 conditions joined by any', () => {
    const memberOf = groups(500);
    const listed = { conditions: [{ memberOf }] };
    expect(apply(criteriaOf(listed)).criteria).toEqual({ users: listed });
    const joined = { conditions: memberOf.map((each) => ({ memberOf: each })), pattern: 'any' };
    expect(apply(criteriaOf(joined)).criteria).toEqual({ users: joined });
  });

  it.each([
    [
      { conditions: [{ memberOf: groups(501) }] },
      '[0].memberOf: expected a group, or a list of 1 to 500 groups, found a list',
    ],
    [
      { conditions: [{ memberOf: [] }] },
      '[0].memberOf: expected a group, or a list of 1 to 500 groups, found a list',
    ],
    [{ conditions: [{ memberOf: ['A', 7] }] }, '[0].memberOf'],
    [
      { conditions: groups(501).map((memberOf) => ({ memberOf })) },
      ': has 501 entries; at most 500 are possible',
    ],
  ])('are refused beyond that, case %#', (users, complaint) => {
    expect(complaintsAbout(criteriaOf(users))).toEqual([
      expect.stringContaining(`criteria.users.conditions${complaint}`),
    ]);
  });
});

describe('a store file that is too long', () => {
  const refusal = (document: object): string => {
    try {
      parseStoreFile(document, current, defaultMapping);
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  const long = 'x'.repeat(60_000);
  const schedule = { frequency: 'daily', time: '02:00', timezone: 'UTC' };
  const users = (conditions: unknown, pattern?: string) => ({
    criteria: { users: { conditions, ...(pattern !== undefined && { pattern }) } },
  });

  it.each([
    [
      'a time zone',
      { schedule: { ...schedule, timezone: long } },
      'has 60000 characters; at most 64',
    ],
    [
      'a cron',
      { schedule: { frequency: 'cron', cron: long, timezone: 'UTC' } },
      'schedule.cron: has 60000 characters; at most 500',
    ],
    ['a time', { schedule: { ...schedule, time: long } }, 'a time of day'],
    ['a window', { safeguards: { window: long } }, 'has 60000 characters; at most 32'],
    ['a value', { mapping: { city: { value: long } } }, 'mapping.city.value: has 60000'],
    ['an attribute', { mapping: { city: { attribute: long } } }, 'at most 1024 are possible'],
    ['an expression', { mapping: { city: { expression: long } } }, 'at most 4096 are possible'],
    ['a field', { mapping: { [`custom.${long}`]: { value: 'x' } } }, 'longer than 100 characters'],
    ['a key', { [long]: {} }, 'no such key'],
    ['a key of a rule', { mapping: { city: { [long]: 1 } } }, 'no such key'],
    ['a choice', { settings: { statusSync: { mode: long } } }, 'expected one of reflect, ignore'],
    [
      'a list of transforms',
      { mapping: { city: { attribute: 'a', transform: Array(21).fill('trim') } } },
      'has 21 entries; at most 20',
    ],
    [
      'a list of days',
      { schedule: { ...schedule, frequency: 'weekly', days: Array(8).fill('mon') } },
      'at most 7',
    ],
    [
      'a list of dates',
      { schedule: { ...schedule, frequency: 'monthly', dates: Array(33).fill(1) } },
      'at most 32',
    ],
    ['a list of conditions', users(Array(501).fill({ memberOf: 'g' })), 'at most 500'],
    ['a condition', users([{ memberOf: long }]), 'conditions[0].memberOf: has 60000'],
    [
      'a list of values',
      users([{ custom: 'a', operator: 'in', value: Array(10_001).fill(1) }]),
      'at most 10000',
    ],
    ['a pattern', users([{ memberOf: 'g' }], long), 'pattern: has 60000 characters; at most 10000'],
    [
      'a list of fields',
      {
        mapping: Object.fromEntries(
          Array.from({ length: 501 }, (_, n) => [`custom.f${n}`, { value: 'x' }]),
        ),
      },
      'mapping: has 501 keys; at most 500 are possible',
    ],
  ])('in %s is refused in a few words', (_what, document, complaint) => {
    expect(refusal(document)).toContain(complaint);
    expect(refusal(document).length).toBeLessThan(1_000);
  });
});
