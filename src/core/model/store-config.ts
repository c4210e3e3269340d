import type { FieldName } from './fields.ts';

/*
 * The configuration of a store, as docs/store-file.md describes it. `src/core/store-file/` parses
 * and checks a file into this.
 */

interface MappingOptions {
  /** Used when the source has no value. */
  readonly default?: string;
  /** `on-create`: set on creation, never changed by later runs. Without it: `always`. */
  readonly apply?: 'always' | 'on-create';
  /** Names of transforms (`core/mapping/transforms.ts`), applied in order. */
  readonly transform?: readonly string[];
}

/** Where a member field comes from. */
export type MappingRule = MappingOptions &
  (
    | { readonly value: string }
    | { readonly attribute: string }
    | { readonly custom: string }
    | { readonly expression: string }
  );
export type Mapping = Readonly<Partial<Record<FieldName, MappingRule>>>;

export const operators = [
  'equals',
  'notEquals',
  'contains',
  'notContains',
  'startsWith',
  'endsWith',
  'in',
  'notIn',
  'exists',
  'notExists',
  'greaterThan',
  'lessThan',
] as const;
export type Operator = (typeof operators)[number];

export type ConditionValue = string | number | boolean;

/** One sync criterion: a test of an attribute, a custom attribute, or membership of a group. */
export type Condition =
  | {
      readonly attribute: string;
      readonly operator: Operator;
      readonly value?: ConditionValue | readonly ConditionValue[];
    }
  | {
      readonly custom: string;
      readonly operator: Operator;
      readonly value?: ConditionValue | readonly ConditionValue[];
    }
  /** Groups by name or id; of a list the user must be in one. */
  | { readonly memberOf: string | readonly string[] };

export type UserCriteria =
  | 'all'
  /** `pattern` joins the conditions by number, or is `any` or `all`; without it all must hold. */
  | { readonly conditions: readonly Condition[]; readonly pattern?: string };

export interface Criteria {
  readonly users: UserCriteria;
}

/** Which groups of the source are followed: all, or those whose own attributes match. */
export type GroupCriteria = UserCriteria;

/** Which groups are synced, and what follows from them. */
export interface GroupSync {
  readonly sync: boolean;
  readonly criteria: GroupCriteria;
  /** What becomes of a member that left the last followed group that it was in. */
  readonly left: 'keep' | 'deactivate';
  /** What becomes of a group that the source no longer has. `delete` is held for a person. */
  readonly deleted: 'keep' | 'delete';
  /** The role that a group gives its active members, by the group's source id. */
  readonly roles: Readonly<Record<string, string>>;
}

export interface StatusSync {
  readonly mode: 'reflect' | 'ignore';
  readonly deactivated: 'deactivate' | 'delete';
  readonly deleted: 'deactivate' | 'delete';
  readonly outOfScope: 'deactivate' | 'keep';
  readonly staged: 'skip' | 'inactive';
}

/** What members are told by mail. */
export interface Notifications {
  readonly mail: 'notify' | 'none';
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Weekday = (typeof weekdays)[number];

/** When scheduled runs happen. `time` is `HH:MM` on the wall clock of `timezone` (IANA). */
export type Schedule = { readonly enabled: boolean; readonly timezone: string } & (
  | { readonly frequency: 'daily'; readonly time: string }
  | { readonly frequency: 'weekly'; readonly days: readonly Weekday[]; readonly time: string }
  | {
      readonly frequency: 'monthly';
      readonly dates: readonly (number | 'last')[];
      readonly time: string;
    }
  | { readonly frequency: 'cron'; readonly cron: string }
);

/** Above `max(floor, percent of the active members)` all records of that kind in the run are held. */
export interface Limit {
  readonly percent: number;
  readonly floor: number;
}

/** How often an absence must be confirmed, and over how long (`0h`, `36h`, `7d`), before `deleted` acts. */
export interface AbsenceRule {
  readonly confirmations: number;
  readonly over: string;
}

export interface Safeguards {
  readonly removals: Limit;
  readonly emailChanges: Limit;
  readonly blanks: Limit;
  readonly absence: AbsenceRule;
  /** A duration such as `24h`, `90m`, `7d`. */
  readonly window: string;
}

/** A configuration that a store has or had. */
export interface ConfigRevision {
  readonly revision: number;
  readonly config: StoreConfig;
  /** Who made it, and when; null for what earlier releases stored. */
  readonly by: string | null;
  readonly at: Date | null;
}

/** The whole configuration of a store. */
export interface StoreConfig {
  /** Complete: the default mapping, in which the administrator's rules replace single fields. */
  readonly mapping: Mapping;
  readonly settings: { readonly statusSync: StatusSync; readonly notifications: Notifications };
  readonly criteria: Criteria;
  readonly groups: GroupSync;
  /** Null until one was set. */
  readonly schedule: Schedule | null;
  readonly safeguards: Safeguards;
}
