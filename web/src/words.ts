import type { Member, Run, RunRecord, Token } from './api/client.ts';

/** The names of fields for people. */
const fieldNames: Readonly<Record<string, string>> = {
  email: 'E-mail',
  firstName: 'First name',
  lastName: 'Last name',
  displayName: 'Display name',
  secondaryEmail: 'Secondary e-mail',
  employeeId: 'Employee ID',
  jobTitle: 'Job title',
  department: 'Department',
  location: 'Location',
  company: 'Company',
  costCenter: 'Cost center',
  employeeType: 'Employee type',
  phone: 'Phone',
  mobile: 'Mobile',
  manager: 'Manager',
  street: 'Street',
  city: 'City',
  state: 'State',
  postalCode: 'Postal code',
  country: 'Country',
  status: 'Status',
};

export const fieldName = (field: string): string =>
  fieldNames[field] ?? field.replace(/^custom\./, '');

const sectionNames: Readonly<Record<string, string>> = {
  mapping: 'Field mapping',
  settings: 'Settings',
  criteria: 'Sync criteria',
  schedule: 'Schedule',
  safeguards: 'Safeguards',
};

const settingNames: Readonly<Record<string, string>> = {
  users: 'who is synced',
  mode: 'status',
  outOfScope: 'out of scope',
  emailChanges: 'e-mail changes',
  blanks: 'emptied fields',
};

/** `Field mapping: Country` for the path of a changed setting. */
export function settingName(path: string): string {
  const [section = '', ...rest] = path.split('.');
  const name = sectionNames[section] ?? section;
  if (rest.length === 0) return name;
  if (section === 'mapping') return `${name}: ${fieldName(rest.join('.'))}`;
  const words = rest
    .filter((part) => part !== 'statusSync')
    .map((part) => settingNames[part] ?? part);
  return `${name}: ${words.join(', ')}`;
}

export const runStatusWords: Readonly<Record<Run['status'], string>> = {
  queued: 'Queued',
  listing: 'Reading the directory',
  planned: 'Preview',
  applying: 'Applying',
  succeeded: 'Succeeded',
  held: 'Held for a person',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export const recordStatusWords: Readonly<Record<RunRecord['status'], string>> = {
  planned: 'Planned',
  applied: 'Applied',
  held: 'Held',
  failed: 'Failed',
  rejected: 'Rejected',
  undone: 'Undone',
  reported: 'Reported',
};

/** The role that something takes, in a sentence: `takes the role admin`. */
export const roleWords: Readonly<Record<Token['role'], string>> = {
  viewer: 'the role viewer',
  admin: 'the role admin',
  owner: 'the role owner',
};

type Cause = NonNullable<Member['inactiveCause']>;

export const causeWords: Readonly<Record<Cause, string>> = {
  suspended: 'suspended',
  staged: 'staged',
  'out-of-scope': 'out of scope',
  gone: 'no longer in the directory',
  'left-groups': 'left its groups',
};

export const inactiveCauses = Object.keys(causeWords) as Cause[];

/** The name of a member as lists sort by it. */
export const memberName = ({ fields }: Pick<Member, 'fields'>): string =>
  fields.displayName ??
  [fields.firstName, fields.lastName].filter((part) => part !== undefined).join(' ');

export const modeWords: Readonly<Record<Run['mode'], string>> = {
  full: 'Sync',
  delta: 'Sync of changes',
  plan: 'Preview',
  single: 'Sync of one person',
  undo: 'Undo',
};

/** What a run is. One without a store is an edit by hand, or takes one back. */
export function runTitle({ mode, store, storeName }: Pick<Run, 'mode' | 'store' | 'storeName'>) {
  if (store !== null) return `${modeWords[mode]} of ${storeName ?? 'a removed store'}`;
  return mode === 'undo' ? 'Undo of an edit by hand' : 'Edit by hand';
}

export const actionWords: Readonly<Record<RunRecord['action'], string>> = {
  create: 'Create',
  adopt: 'Take over',
  update: 'Update',
  deactivate: 'Active → inactive',
  reactivate: 'Inactive → active',
  delete: 'Delete',
  conflict: 'Address conflict',
  problem: 'Can’t be read',
};

/** Why a record was planned. */
export const reasonWords: Readonly<Record<RunRecord['reasonCode'], string>> = {
  suspended: 'suspended in the directory',
  staged: 'staged in the directory',
  'out-of-scope': 'no longer in scope',
  gone: 'no longer in the directory',
  'left-groups': 'in no followed group any more',
  create: 'new in the directory',
  adopt: 'was a member without this store',
  update: 'differs from the directory',
  deactivate: 'to become inactive',
  reactivate: 'active in the directory again',
  delete: 'to be deleted',
  conflict: 'address conflict',
  problem: 'can’t be read',
};

type RiskKind = NonNullable<RunRecord['risk']>;
/** What a safeguard holds: one, several. */
export const heldWords: Readonly<Record<RiskKind, readonly [one: string, many: string]>> = {
  removal: ['removal', 'removals'],
  email: ['address change', 'address changes'],
  blank: ['change to blank', 'changes to blank'],
};

/** How many records of a run wait for a person, those of groups included. */
export const heldIn = ({ counts }: Pick<Run, 'counts'>): number => counts.held + counts.groups.held;
/** How many are applied. */
export const appliedIn = ({ counts }: Pick<Run, 'counts'>): number =>
  counts.applied + counts.groups.applied;

/** `486 removals`, or `486 changes` where several kinds are held. */
export function heldPlural(
  { guards, counts }: Pick<Run, 'guards' | 'counts'>,
  count: number,
): string {
  if (counts.held === 0 && counts.groups.held > 0) {
    return plural(count, 'change of groups', 'changes of groups');
  }
  const kinds = [...new Set(guards.map(({ kind }) => kind))];
  const [kind] = kinds;
  const [one, many] =
    kind === undefined || kinds.length > 1 || counts.groups.held > 0
      ? ['change', 'changes']
      : heldWords[kind];
  return plural(count, one, many);
}

/** `token:ada` or `cli:ada` as the name alone. */
export const actorName = (actor: string): string => actor.replace(/^(?:token|cli):/, '');

const number = new Intl.NumberFormat('en');
/** A number with separators. */
export const n = (value: number): string => number.format(value);

/** `1 member`, `2 members`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${n(count)} ${count === 1 ? one : many}`;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `3 hours ago`, `in 2 days`. */
export function ago(iso: string, nowMs: number): string {
  const ms = Date.parse(iso) - nowMs;
  for (const [unit, size] of units) {
    if (Math.abs(ms) >= size) return relative.format(Math.round(ms / size), unit);
  }
  return ms < 0 ? 'just now' : 'in a moment';
}

/** The date and time in a time zone; without one, in that of the browser. */
export const exactTime = (iso: string, timeZone?: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(timeZone !== undefined && { timeZone }),
  }).format(new Date(iso));

/** How long a run took, as `0.4 s` or `3 min 20 s`; null while it has not ended. */
export function duration({ startedAt, finishedAt }: Run): string | null {
  if (startedAt === null || finishedAt === null) return null;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** How many members a run changed, or would change. */
export const changedBy = ({ counts }: Run): number =>
  counts.create +
  counts.adopt +
  counts.update +
  counts.deactivate +
  counts.reactivate +
  counts.delete;

const parts = [
  ['create', 'created'],
  ['adopt', 'taken over'],
  ['update', 'updated'],
  ['reactivate', 'reactivated'],
  ['deactivate', 'deactivated'],
  ['delete', 'deleted'],
] as const;

/** What a run did in a sentence: `3 created, 2 updated`. */
export function outcomeOf(run: Run): string {
  if (run.error !== null) return run.error.message;
  const done = parts.flatMap(([key, word]) => {
    const count = run.counts[key];
    return count === 0 ? [] : [`${n(count)} ${word}`];
  });
  const { held, applied } = run.counts;
  // What is held is counted among what was to be created, updated and so on.
  if (held > 0)
    return `${n(applied)} of ${plural(changedBy(run), 'change')} applied, ${n(held)} held`;
  const all = done.join(', ');
  if (all === '') return 'Nothing changed';
  return run.mode === 'plan' ? `Would be: ${all}` : all;
}
