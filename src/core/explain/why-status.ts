import type { InactiveCause, Member } from '../model/member.ts';
import type { SourceState } from '../model/source-user.ts';
import type { StatusSync } from '../model/store-config.ts';
import type { Draft } from '../plan/draft.ts';
import { noStoreText, type Reason, type SourceNow } from './source-now.ts';

/** What is known of a member's status. */
export interface StatusFacts {
  readonly member: Member;
  readonly source: SourceNow;
  readonly statusSync: StatusSync | null;
}

/** Why a member is active or inactive. */
export function explainStatus({ member, source, statusSync }: StatusFacts): Reason {
  const { status, statusBy, inactiveCause } = member;
  if (statusBy === 'person') {
    return {
      code: 'by-hand',
      message: `Made ${status} by hand; a person’s word outranks what the sync would do.`,
    };
  }
  if (status === 'inactive' && inactiveCause !== null) {
    return { code: inactiveCause, message: inactiveTexts[inactiveCause] };
  }
  if (source.is === 'none') return { code: 'no-store', message: noStoreText(member) };
  if (status === 'inactive') {
    return { code: 'inactive', message: 'Inactive, and no cause was noted.' };
  }
  return activeReason(source, statusSync);
}

const inactiveTexts: Readonly<Record<InactiveCause, string>> = {
  suspended: 'Inactive because the person was suspended in the directory.',
  staged: 'Inactive because the person was staged in the directory, not activated yet.',
  'out-of-scope': 'Inactive because the person didn’t match the sync criteria.',
  gone: 'Inactive because the directory no longer had the person.',
  'left-groups': 'Inactive because the person left the followed groups, and is in none now.',
};

/** The status of the last run may lag behind the source, or not follow it because of the settings. */
function activeReason(source: SourceNow, statusSync: StatusSync | null): Reason {
  const standing = currentStatusOf(source);
  if (standing === null || standing === 'ACTIVATED') {
    return {
      code: 'active',
      message: 'Active, as the person is in the directory.',
    };
  }
  const kept = keptBy(standing, statusSync);
  const now = `the person ${stateTexts[standing]}`;
  const message =
    kept === null
      ? `Active as of the last run; now ${now}.`
      : `Active although ${now}: status sync has ${kept}.`;
  return { code: `active-though-${statusCodes[standing]}`, message };
}

type CurrentStatus = SourceState | 'out-of-scope' | 'absent';

const statusCodes: Readonly<Record<CurrentStatus, string>> = {
  ACTIVATED: 'active',
  SUSPENDED: 'suspended',
  STAGED: 'staged',
  'out-of-scope': 'out-of-scope',
  absent: 'gone',
};

function currentStatusOf(source: SourceNow): CurrentStatus | null {
  if (source.is === 'absent') return 'absent';
  if (source.is !== 'found') return null;
  const { reading } = source;
  if (reading.kind === 'out-of-scope') return 'out-of-scope';
  return reading.kind === 'problem' ? null : reading.state;
}

/** The setting by which the member stays active whatever the source says; null when there is none. */
function keptBy(standing: CurrentStatus, statusSync: StatusSync | null): string | null {
  if (statusSync?.mode === 'ignore') return 'mode: ignore';
  if (standing === 'out-of-scope' && statusSync?.outOfScope === 'keep') return 'outOfScope: keep';
  return standing === 'STAGED' && statusSync?.staged === 'skip' ? 'staged: skip' : null;
}

const stateTexts: Readonly<Record<CurrentStatus, string>> = {
  ACTIVATED: 'is active in the directory',
  SUSPENDED: 'is suspended in the directory',
  STAGED: 'is staged in the directory',
  'out-of-scope': 'does not match the sync criteria',
  absent: 'is not in the directory',
};

/** The status sync settings that decide, as a store file writes them. */
export function settingsFor(statusSync: StatusSync): string {
  const { mode, deactivated, deleted, outOfScope, staged } = statusSync;
  return mode === 'ignore'
    ? `mode: ignore, staged: ${staged}`
    : `mode: reflect, deactivated: ${deactivated}, deleted: ${deleted}, outOfScope: ${outOfScope}, staged: ${staged}`;
}

/** What the next run does to the member, in words; null when it leaves the member as it is. */
export function nextText(next: Draft | null): string | null {
  if (next === null) return null;
  if (next.action === 'conflict' || next.action === 'problem') {
    return `reports a ${next.action}: ${next.reason}`;
  }
  return `${verbs[next.action]} the member: ${next.reason}`;
}

const verbs = {
  create: 'creates',
  adopt: 'adopts',
  update: 'updates',
  deactivate: 'deactivates',
  reactivate: 'reactivates',
  delete: 'deletes',
} as const;
