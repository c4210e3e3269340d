import type { FieldProblem } from '../mapping/map-user.ts';
import type { Member } from '../model/member.ts';
import { type Change, isChangeMark } from '../model/record.ts';
import type { SourceState } from '../model/source-user.ts';
import type { SourceStatus, Step } from './decision-table.ts';

const stateTexts: Readonly<Record<SourceStatus, string>> = {
  ACTIVATED: 'active in the directory',
  SUSPENDED: 'suspended in the directory',
  STAGED: 'staged in the directory',
  'out-of-scope': 'no longer matches the sync criteria',
  gone: 'no longer in the directory',
  'left-groups': 'in no followed group any more',
};

const join = (...parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join('; ');

function fieldTexts(changes: readonly Change[]): string | null {
  const fields = changes.map(({ field }) => field).filter((field) => !isChangeMark(field));
  if (fields.length === 0) return null;
  return `${fields.join(', ')} ${fields.length === 1 ? 'differs' : 'differ'} from the source`;
}

function markTexts(changes: readonly Change[]): string | null {
  if (changes.some(({ field, to }) => field === 'statusBy' && to === 'sync')) {
    return 'the directory agrees with what a person decided on the status';
  }
  if (changes.some(({ field, to }) => field === 'emailKey' && to !== null)) {
    return 'takes its e-mail address back';
  }
  if (changes.some(({ field, from }) => field === 'inactiveCause' && from === 'gone')) {
    return 'in the directory again';
  }
  return null;
}

function fieldProblems(problems: readonly FieldProblem[]): string {
  return problems.map(({ message }) => `${message} (left as it was)`).join('; ');
}

/** Why a record exists, in words for people. This is the only place that words reasons. */
export const reasonFor = {
  create: (state: SourceState, problems: readonly FieldProblem[]): string =>
    join(
      state === 'ACTIVATED' ? 'new in the directory' : `new, and ${stateTexts[state]}`,
      fieldProblems(problems),
    ),

  adopt: (member: Pick<Member, 'keptFrom'>, problems: readonly FieldProblem[]): string =>
    join(
      member.keptFrom === null
        ? 'the e-mail address belongs to a member that was added by hand'
        : 'was kept from a removed store of the same organization',
      fieldProblems(problems),
    ),

  removal: (standing: SourceStatus): string => stateTexts[standing],

  change: (what: {
    readonly step: Step;
    readonly standing: SourceStatus;
    readonly changes: readonly Change[];
    readonly problems: readonly FieldProblem[];
  }): string => {
    const { step, standing, changes, problems } = what;
    const status =
      step === 'deactivate'
        ? stateTexts[standing]
        : step === 'reactivate'
          ? 'active in the directory again'
          : markTexts(changes);
    return join(status, fieldTexts(changes), fieldProblems(problems));
  },

  fieldProblems,

  notCreated: (problems: readonly FieldProblem[]): string =>
    `not created: ${problems.map(({ message }) => message).join('; ')}`,

  released: (winner: string): string =>
    `its e-mail address goes to ${winner}, who has it at the source now`,

  conflict: {
    newcomer: (winner: string): string =>
      `user ${winner} has the same e-mail address at the source and the lower id`,
    taken: (owner: Pick<Member, 'externalId'>): string =>
      owner.externalId === null
        ? 'the e-mail address belongs to a member that was added by hand'
        : `the e-mail address belongs to the member of user ${owner.externalId}`,
    owned: (owner: Pick<Member, 'storeId' | 'externalId'>): string => {
      if (owner.externalId === null) {
        return 'the e-mail address was given to a member added by hand while this run listed the source';
      }
      const kept = owner.storeId === null ? ', which was kept from a removed store' : '';
      return `the e-mail address belongs to the member of user ${owner.externalId}${kept}`;
    },
  },
} as const;
