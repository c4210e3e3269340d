import * as z from 'zod';
import { isObject } from '../model/source-user.ts';
import { type Limit, operators, weekdays } from '../model/store-config.ts';
import { expected, keyed, oneOf } from './check-shape.ts';
import {
  defaultGroupSync,
  defaultNotifications,
  defaultSafeguards,
  defaultStatusSync,
} from './default-config.ts';
import { atMost, limits } from './limits.ts';

function text(most: number) {
  return z
    .string({ error: expected('a text') })
    .min(1, { error: expected('a text') })
    .max(most, atMost(most, 'characters'));
}

const name = text(limits.name);
const word = text(limits.word);

function choice<const Options extends readonly string[]>(options: Options) {
  return z.enum(options, { error: oneOf(options) });
}

/** For the `error` of a number where a text is meant. */
export function notAsWritten({ input }: { readonly input?: unknown }): string {
  return `expected a text in quotes: JSON has the number ${String(input)}, and not how it was written`;
}

const plainText = z.string().max(limits.value, atMost(limits.value, 'characters'));
const scalar = z.union([plainText, z.number(), z.boolean()], {
  error: expected('a single value: a text, a number, true or false'),
});
/** 1.10 arrives as 1.1, and 12345678901234567891 as another number. A store file has texts here. */
const kept = scalar.refine((value) => typeof value !== 'number' || Number.isSafeInteger(value), {
  error: notAsWritten,
});
const scalarText = z.codec(kept, z.string(), { decode: String, encode: (plain) => plain });

const options = {
  default: scalarText.exactOptional(),
  apply: choice(['always', 'on-create']).exactOptional(),
  transform: z
    .array(word, { error: expected('a list such as [trim, lowercase]') })
    .max(limits.transforms, atMost(limits.transforms, 'entries'))
    .readonly()
    .exactOptional(),
};

/** Where a member field comes from, identified by its key. */
export const ruleKinds = {
  value: keyed({ value: scalarText, ...options }),
  attribute: keyed({ attribute: name, ...options }),
  custom: keyed({ custom: name, ...options }),
  expression: keyed({ expression: text(limits.expression), ...options }),
};

const comparison = {
  operator: choice(operators),
  value: z
    .union(
      [scalar, z.array(scalar).max(limits.values, atMost(limits.values, 'entries')).readonly()],
      {
        error: (issue) =>
          Array.isArray(issue.input) && issue.input.length > limits.values
            ? atMost(limits.values, 'entries').error(issue)
            : expected('a single value or a list of them')(issue),
      },
    )
    .exactOptional(),
};

const wantedGroups = { error: expected(`a group, or a list of 1 to ${limits.groups} groups`) };

/** What a sync criterion tests, identified by its key. */
export const conditionKinds = {
  attribute: keyed({ attribute: name, ...comparison }),
  custom: keyed({ custom: name, ...comparison }),
  memberOf: keyed({
    memberOf: z.union(
      [name, z.array(name).min(1, wantedGroups).max(limits.groups, wantedGroups).readonly()],
      wantedGroups,
    ),
  }),
};

/** Criteria whose conditions are still to be read, each by its kind. */
export const matching = keyed({
  conditions: z
    .array(z.unknown(), { error: expected('a list of conditions') })
    .max(limits.conditions, atMost(limits.conditions, 'entries')),
  pattern: text(limits.pattern).exactOptional(),
});

export const settings = keyed({
  statusSync: keyed({
    mode: choice(['reflect', 'ignore']).default(defaultStatusSync.mode),
    deactivated: choice(['deactivate', 'delete']).default(defaultStatusSync.deactivated),
    deleted: choice(['deactivate', 'delete']).default(defaultStatusSync.deleted),
    outOfScope: choice(['deactivate', 'keep']).default(defaultStatusSync.outOfScope),
    staged: choice(['skip', 'inactive']).default(defaultStatusSync.staged),
  }).default(defaultStatusSync),
  notifications: keyed({
    mail: choice(['notify', 'none']).default(defaultNotifications.mail),
  }).default(defaultNotifications),
});

const wantedRole = {
  error: expected('a role of at most 64 small letters, digits, dots, hyphens and underscores'),
};

/** The criteria are still to be read. */
export const groupSync = keyed({
  sync: z.boolean({ error: expected('true or false') }).default(defaultGroupSync.sync),
  criteria: z.unknown().optional(),
  left: choice(['keep', 'deactivate']).default(defaultGroupSync.left),
  deleted: choice(['keep', 'delete']).default(defaultGroupSync.deleted),
  roles: z
    .record(name, z.string(wantedRole).regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, wantedRole), {
      error: expected('groups, each with the role of its members'),
    })
    .refine((roles) => Object.keys(roles).length <= limits.groups, atMost(limits.groups, 'keys'))
    .meta({ maxProperties: limits.groups })
    .default(defaultGroupSync.roles),
});

const timing = {
  enabled: z.boolean({ error: expected('true or false') }).default(true),
  timezone: z
    .string({ error: expected('an IANA time zone such as Europe/Berlin') })
    .max(limits.timezone, atMost(limits.timezone, 'characters')),
};
// YAML may read an unquoted 02:00 as a number of minutes or seconds.
const wantedTime = 'a time of day in quotes, from "00:00" to "23:59"';
const time = z
  .string({ error: expected(wantedTime) })
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: expected(wantedTime) });
const days = z
  .array(choice(weekdays), { error: expected('a list of weekdays such as [mon, thu]') })
  .min(1, 'expected at least one weekday, such as [mon, thu]')
  .max(weekdays.length, atMost(weekdays.length, 'entries'));
const dayNumbers = Array.from({ length: 31 }, (_, index) => index + 1);
const dates = z
  .array(z.literal([...dayNumbers, 'last'], { error: expected('a day from 1 to 31, or last') }), {
    error: expected('a list of days such as [1, 15, last]'),
  })
  .min(1, 'expected at least one day, such as [1, 15, last]')
  .max(dayNumbers.length + 1, atMost(dayNumbers.length + 1, 'entries'));

const wantedFrequency = oneOf(['daily', 'weekly', 'monthly', 'cron']);

function frequencyOf(document: unknown): unknown {
  return isObject(document) ? document['frequency'] : undefined;
}

export const schedule = z.discriminatedUnion(
  'frequency',
  [
    keyed({ ...timing, frequency: z.literal('daily'), time }),
    keyed({ ...timing, frequency: z.literal('weekly'), days, time }),
    keyed({ ...timing, frequency: z.literal('monthly'), dates, time }),
    keyed({ ...timing, frequency: z.literal('cron'), cron: text(limits.cron) }),
  ],
  { error: ({ input }) => wantedFrequency({ input: frequencyOf(input) }) },
);

function limit(fallback: Limit) {
  const percentage = { error: expected('a percentage from 0 to 100') };
  const whole = { error: expected('a whole number, 0 or more') };
  return keyed({
    percent: z.number(percentage).min(0, percentage).max(100, percentage).default(fallback.percent),
    floor: z.int(whole).min(0, whole).default(fallback.floor),
  }).default(fallback);
}

const wantedTimes = { error: expected('a whole number from 1 to 100') };

export const safeguards = keyed({
  removals: limit(defaultSafeguards.removals),
  emailChanges: limit(defaultSafeguards.emailChanges),
  blanks: limit(defaultSafeguards.blanks),
  absence: keyed({
    confirmations: z.int(wantedTimes).min(1, wantedTimes).max(100, wantedTimes).default(1),
    over: word.default(defaultSafeguards.absence.over),
  }).default(defaultSafeguards.absence),
  window: word.default(defaultSafeguards.window),
});
