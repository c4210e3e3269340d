import { parse } from 'yaml';
import { parseDurationMs } from '../../../../src/core/duration.ts';
import type { StoreConfig } from '../../../../src/core/model/store-config.ts';
import { defaultStoreConfig } from '../../../../src/core/store-file/default-config.ts';
import { describeChanges } from '../../../../src/core/store-file/describe-changes.ts';
import { parseStoreFile } from '../../../../src/core/store-file/parse-store-file.ts';
import { defaultMapping } from '../../../../src/directories/jumpcloud/default-mapping.ts';

const current = defaultStoreConfig(defaultMapping);

function apply(yaml: string, to: StoreConfig = current): StoreConfig {
  return parseStoreFile(parse(yaml), to, defaultMapping);
}

/** The lines of a refusal. */
function complaintsAbout(yaml: string): readonly string[] {
  try {
    apply(yaml);
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [];
  }
}

const whole = `
mapping:
  country:    { value: India }
  department: { attribute: department, default: 7, apply: on-create, transform: [trim, uppercase] }
  custom.shirtSize: { custom: shirtSize }
  displayName: { expression: "firstname & ' ' & lastname" }
settings:
  statusSync: { mode: ignore, deactivated: delete, deleted: delete, outOfScope: keep, staged: inactive }
criteria:
  users: { conditions: [ { attribute: department, operator: equals, value: Sales }, { custom: shirtSize, operator: in, value: [S, M] }, { memberOf: Engineers } ], pattern: "1 and (2 or 3)" }
schedule: { enabled: true, frequency: monthly, dates: [1, last], time: "02:00", timezone: Asia/Kolkata }
safeguards:
  removals:     { percent: 5, floor: 1 }
  emailChanges: { percent: 2.5, floor: 0 }
  blanks:       { percent: 0, floor: 3 }
  absence:      { confirmations: 3, over: 48h }
  window: 7d
`;

describe('a store file', () => {
  it('is read whole', () => {
    expect(apply(whole)).toEqual({
      groups: { sync: false, criteria: 'all', left: 'keep', deleted: 'keep', roles: {} },
      mapping: {
        ...defaultMapping,
        country: { value: 'India' },
        department: {
          attribute: 'department',
          default: '7',
          apply: 'on-create',
          transform: ['trim', 'uppercase'],
        },
        'custom.shirtSize': { custom: 'shirtSize' },
        displayName: { expression: "firstname & ' ' & lastname" },
      },
      settings: {
        statusSync: {
          mode: 'ignore',
          deactivated: 'delete',
          deleted: 'delete',
          outOfScope: 'keep',
          staged: 'inactive',
        },
        notifications: { mail: 'none' },
      },
      criteria: {
        users: {
          conditions: [
            { attribute: 'department', operator: 'equals', value: 'Sales' },
            { custom: 'shirtSize', operator: 'in', value: ['S', 'M'] },
            { memberOf: 'Engineers' },
          ],
          pattern: '1 and (2 or 3)',
        },
      },
      schedule: {
        enabled: true,
        frequency: 'monthly',
        dates: [1, 'last'],
        time: '02:00',
        timezone: 'Asia/Kolkata',
      },
      safeguards: {
        removals: { percent: 5, floor: 1 },
        emailChanges: { percent: 2.5, floor: 0 },
        blanks: { percent: 0, floor: 3 },
        absence: { confirmations: 3, over: '48h' },
        window: '7d',
      },
    });
  });

  it('leaves sections unchanged that it does not have', () => {
    const before = apply(whole);
    const after = apply('settings: {}', before);
    expect(after).toEqual({ ...before, settings: current.settings });
  });

  it('replaces a section whole, with defaults for missing keys', () => {
    const after = apply(
      'mapping: { city: { value: 1 } }\nsettings: { statusSync: { outOfScope: keep } }\nsafeguards: { removals: { floor: 9 } }',
      apply(whole),
    );
    expect(after.mapping).toEqual({ ...defaultMapping, city: { value: '1' } });
    expect(after.settings.statusSync).toEqual({
      ...current.settings.statusSync,
      outOfScope: 'keep',
    });
    expect(after.safeguards).toEqual({
      ...current.safeguards,
      removals: { percent: 20, floor: 9 },
    });
  });

  it.each([
    ['criteria: { users: all }', { criteria: { users: 'all' } }],
    ['schedule: null', { schedule: null }],
    [
      'schedule: { enabled: false }',
      {
        schedule: { enabled: false, frequency: 'monthly', time: '02:00', timezone: 'Asia/Kolkata' },
      },
    ],
    [
      'schedule: { frequency: weekly, days: [mon, sun], time: "23:59", timezone: UTC }',
      {
        schedule: {
          enabled: true,
          frequency: 'weekly',
          days: ['mon', 'sun'],
          time: '23:59',
          timezone: 'UTC',
        },
      },
    ],
    [
      'schedule: { enabled: false, frequency: cron, cron: "*/15 * * * *", timezone: UTC }',
      { schedule: { enabled: false, frequency: 'cron', cron: '*/15 * * * *', timezone: 'UTC' } },
    ],
  ])('%s', (yaml, section) => {
    expect(apply(yaml, apply(whole))).toMatchObject(section);
  });

  it('is refused with everything that is wrong in it', () => {
    const yaml = `
mapping:
  contry: { value: India }
  department: { attribut: department }
  street: { attribute: a, custom: b }
  city: { attribute: "addresses[type=work.city" }
  state: { expression: "a &", transform: [trim] }
  phone: India
  location: { value: [1], apply: never }
  email: { value: a@example.com }
  __proto__: { value: x }
setings: {}
settings: { statusSync: { deactivate: delete, staged: skipp } }
criteria: { users: { conditions: [ { attribute: a, operator: equal, value: b }, { memberOf: 3 }, { operator: exists } ] }, groups: all }
schedule: { frequency: daily, time: 120, timezone: UTC, tme: 3 }
safeguards: { removals: { percent: 200, floor: -1.5 }, absence: { confirmations: 0 }, window: 24x }
`;
    expect(complaintsAbout(yaml)).toEqual([
      'mapping.department.attribut: no such key. Did you mean attribute?',
      'mapping.department: expected one of the keys value, attribute, custom, expression, found attribut',
      'mapping.street: expected one of the keys value, attribute, custom, expression, found attribute and custom',
      'mapping.phone: expected one of the keys value, attribute, custom, expression, found "India"',
      'mapping.location.value: expected a single value: a text, a number, true or false, found a list',
      'mapping.location.apply: expected one of always, on-create, found "never"',
      'mapping.email: each member has an e-mail address of their own: name an attribute, without a default',
      'mapping.city: in the attribute path "addresses[type=work.city", column 10: expected a filter such as [type=work], found "["',
      'mapping.state: the expression is wrong near column 3: Unexpected end of expression',
      'mapping.contry: no such member field. Did you mean country?',
      'mapping.__proto__: no such member field. Fields of your own are called custom.NAME.',
      'settings.statusSync.staged: expected one of skip, inactive, found "skipp". Did you mean skip?',
      'settings.statusSync.deactivate: no such key. Did you mean deactivated?',
      'criteria.groups: no such key. There are users.',
      'criteria.users.conditions[0].operator: expected one of equals, notEquals, contains, notContains, startsWith, endsWith, in, notIn, exists, notExists, greaterThan, lessThan, found "equal". Did you mean equals?',
      'criteria.users.conditions[1].memberOf: expected a group, or a list of 1 to 500 groups, found 3',
      'criteria.users.conditions[2]: expected one of the keys attribute, custom, memberOf, found operator',
      'schedule.time: expected a time of day in quotes, from "00:00" to "23:59", found 120',
      'schedule.tme: no such key. Did you mean time?',
      'safeguards.removals.percent: expected a percentage from 0 to 100, found 200',
      'safeguards.removals.floor: expected a whole number, 0 or more, found -1.5',
      'safeguards.absence.confirmations: expected a whole number from 1 to 100, found 0',
      'setings: no such key. Did you mean settings?',
    ]);
  });

  it.each([
    ['', 'the file has no sections'],
    ['- mapping', 'the file has no sections'],
    ['mapping:', 'mapping: expected member fields'],
    ['settings:', 'settings: expected keys (statusSync, notifications), found nothing'],
    ['criteria:', 'criteria: expected users: all'],
    ['criteria: { users: some }', 'criteria.users: expected all, or conditions'],
    ['criteria: { users: { conditions: [] } }', 'criteria.users: give at least one condition'],
    [
      'criteria: { users: { conditions: [{ memberOf: A }, { memberOf: B }], pattern: "1" } }',
      "criteria.users: the pattern doesn't mention condition 2",
    ],
    [
      'criteria: { users: { conditions: [{ attribute: a, operator: in }] } }',
      'criteria.users.conditions[0]: the operator in needs a list',
    ],
    [
      'criteria: { users: { conditions: [{ attribute: a, operator: in, value: { b: 1 } }] } }',
      'criteria.users.conditions[0].value: expected a single value or a list of them, found b',
    ],
    [
      'schedule: { frequency: dayly, time: "02:00", timezone: UTC }',
      'schedule.frequency: expected one of daily, weekly, monthly, cron, found "dayly". Did you mean daily?',
    ],
    [
      'schedule: { frequency: daily, time: "24:00", timezone: UTC }',
      'schedule.time: expected a time of day',
    ],
    [
      'schedule: { frequency: daily, time: "2:00", timezone: UTC }',
      'schedule.time: expected a time of day',
    ],
    [
      'schedule: { frequency: daily, time: "02:00" }',
      'schedule.timezone: expected an IANA time zone such as Europe/Berlin, but it is missing',
    ],
    [
      'schedule: { frequency: daily, time: "02:00", timezone: Mars }',
      'schedule.timezone: there is no time zone "Mars"',
    ],
    [
      'schedule: { frequency: weekly, days: [], time: "02:00", timezone: UTC }',
      'schedule.days: expected at least one weekday',
    ],
    [
      'schedule: { frequency: monthly, dates: [32], time: "02:00", timezone: UTC }',
      'schedule.dates[0]: expected a day from 1 to 31, or last, found 32',
    ],
    [
      'schedule: { frequency: cron, cron: "* * *", timezone: UTC }',
      'schedule: cron "* * *" has 3 fields',
    ],
    ['safeguards: { window: 24x }', 'safeguards.window: "24x" is not a duration'],
  ])('with %s is refused', (yaml, complaint) => {
    expect(complaintsAbout(yaml)).toEqual([expect.stringContaining(complaint)]);
  });
});

describe('a section that is sent as JSON', () => {
  const send = (json: string): StoreConfig =>
    parseStoreFile(JSON.parse(json), current, defaultMapping);
  const criteria = (operator: string, value: string): string =>
    `{"criteria":{"users":{"conditions":[{"attribute":"a","operator":"${operator}","value":${value}}]}}}`;

  it.each(['1.10', '12345678901234567891', '-0.5'])('has no number %s for a text', (number) => {
    const words = `expected a text in quotes: JSON has the number ${JSON.parse(number)}, and not how it was written`;
    for (const json of [
      `{"mapping":{"city":{"value":${number}}}}`,
      `{"mapping":{"city":{"attribute":"a","default":${number}}}}`,
      criteria('equals', number),
      criteria('in', `["a",${number}]`),
    ]) {
      expect(() => send(json)).toThrow(words);
    }
  });

  it('has whole numbers, and fractions to compare with', () => {
    expect(send('{"mapping":{"city":{"value":42}}}').mapping.city).toEqual({ value: '42' });
    expect(() => send(criteria('equals', '42'))).not.toThrow();
    expect(() => send(criteria('greaterThan', '1.5'))).not.toThrow();
    expect(() => send(criteria('lessThan', '12345678901234567891'))).toThrow('in quotes');
  });
});

describe('parseDurationMs', () => {
  it.each([
    ['90m', 5_400_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ])('%s', (text, durationMs) => {
    expect(parseDurationMs(text)).toBe(durationMs);
  });

  it.each(['', '0h', '1.5h', '24', '24 h', '-1h', '367d', '1w'])('refuses %j', (text) => {
    expect(() => parseDurationMs(text)).toThrow('is not a duration');
  });
});

describe('describeChanges', () => {
  it('lists the differences, as a file would write them', () => {
    const after = apply(whole);
    expect(describeChanges(current, current)).toEqual([]);
    expect(describeChanges(after, apply(whole))).toEqual([]);
    const changes = describeChanges(current, after);
    expect(changes).toContainEqual({
      path: 'mapping.country',
      from: '{ attribute: "addresses[type=work].country" }',
      to: '{ value: India }',
    });
    expect(changes).toContainEqual({
      path: 'mapping.custom.shirtSize',
      from: null,
      to: '{ custom: shirtSize }',
    });
    expect(changes).toContainEqual({
      path: 'settings.statusSync.outOfScope',
      from: 'deactivate',
      to: 'keep',
    });
    expect(changes).toContainEqual({ path: 'safeguards.window', from: '"24h"', to: '"7d"' });
    expect(changes.map(({ path }) => path)).toContain('criteria.users');
    expect(describeChanges(after, current)).toContainEqual({
      path: 'schedule',
      from: '{ dates: [1, last], enabled: true, frequency: monthly, time: "02:00", timezone: Asia/Kolkata }',
      to: null,
    });
  });

  it('distinguishes a text from the value it looks like', () => {
    const [one, other] = ['true', '"true"'].map((value) =>
      apply(
        `criteria: { users: { conditions: [ { attribute: sudo, operator: equals, value: ${value} } ] } }`,
      ),
    );
    expect(describeChanges(one ?? current, other ?? current)).toHaveLength(1);
  });
});
