import { type Member, memberIdOf, type Origin, originText } from '../model/member.ts';
import type { Change, RecordAction } from '../model/record.ts';
import type { DirectoryStore } from '../model/store.ts';
import type { GroupSync, StatusSync } from '../model/store-config.ts';
import { type BlockedRisks, stepFor } from './adjust-step.ts';
import { causeOf, decide, type SourceStatus, type Step } from './decision-table.ts';
import { diffFields, removalChanges } from './diff.ts';
import { blankDraft, type Draft, reportDraft, undecidedDraft } from './draft.ts';
import { claimMarks, statusMarks } from './member-marks.ts';
import type { Reading } from './read-user.ts';
import { reasonFor } from './reasons.ts';
import { blankRisk, emailRisk, withRisks } from './risks.ts';

/** Where a listed person is counted, each once: listed = inScope + outOfScope + skipped + problem. */
export type Category = 'inScope' | 'outOfScope' | 'skipped' | 'problem';

export interface PersonPlan {
  readonly category: Category;
  /** What is to be written or reported; null when there is nothing. */
  readonly draft: Draft | null;
  /** Risks that are unknown, since their fields could not be computed. */
  readonly undecided?: readonly string[];
}

/** What is the same for every user that a run plans. */
export interface PlanContext {
  readonly runId: string;
  readonly storeId: string;
  readonly origin: Origin;
  readonly statusSync: StatusSync;
  readonly left: GroupSync['left'];
}

export function planContextOf(
  { id, directory, orgId, config }: DirectoryStore,
  runId: string,
): PlanContext {
  const { statusSync } = config.settings;
  const { left } = config.groups;
  return { runId, storeId: id, origin: { directory, orgId }, statusSync, left };
}

type InScope = Extract<Reading, { kind: 'in-scope' }>;

/** What is known of one user of the source. */
export interface KnownUser {
  /** What the source says of the user now; `gone`: its absence is proven. */
  readonly reading: Reading | 'gone';
  /** The user's member of this store, or a member outside it that the user may take over. */
  readonly member: Member | null;
}

/**
 * Plans one user: the only decision of what happens to a member, for listings, confirmations by id,
 * approvals, pushes and explanations. `barred` risks are left out of the plan.
 */
export function planUser(
  context: PlanContext,
  known: KnownUser,
  barred: BlockedRisks = new Set(),
): PersonPlan {
  const plan = planKnown(context, known, barred);
  return plan.draft === null ? plan : { ...plan, draft: { ...plan.draft, ...personOf(known) } };
}

/** Who the person of a record is: as the source has it, else as the member has it. */
function personOf({ reading, member }: KnownUser): Pick<Draft, 'name' | 'department' | 'location'> {
  const desired = reading !== 'gone' && reading.kind === 'in-scope' ? reading.desired : {};
  const fields = { ...member?.fields, ...desired };
  const names = `${fields.firstName ?? ''} ${fields.lastName ?? ''}`;
  return {
    name: fields.displayName?.trim() || names.trim() || null,
    department: fields.department ?? null,
    location: fields.location ?? null,
  };
}

function planKnown(
  context: PlanContext,
  { reading, member }: KnownUser,
  barred: BlockedRisks,
): PersonPlan {
  const own = member?.storeId === context.storeId ? member : null;
  if (reading === 'gone') {
    return { category: 'inScope', draft: own && planGone(context, own, barred) };
  }
  if (member !== null && own === null && reading.kind === 'in-scope') {
    return planAdoption(context, reading, member, barred);
  }
  return planListed(context, reading, own, barred);
}

/** Plans one user of the source against its member of this store, or against none. */
function planListed(
  context: PlanContext,
  reading: Reading,
  member: Member | null,
  barred: BlockedRisks,
): PersonPlan {
  const { statusSync } = context;
  if (reading.kind === 'problem') {
    // A user who would be skipped anyway is no problem: a staged user often lacks an address.
    const skipped =
      member === null &&
      reading.state !== null &&
      decide(reading.state, 'none', statusSync) === 'skip';
    if (skipped) return { category: 'skipped', draft: null };
    return {
      category: 'problem',
      draft:
        reading.state === null
          ? undecidedDraft(context, reading, reading.message)
          : reportDraft(context, reading, 'problem', reading.message),
    };
  }
  if (reading.kind === 'out-of-scope') {
    if (member === null) return { category: 'outOfScope', draft: null };
    const step = stepFor(member, 'out-of-scope', { statusSync, barred });
    return {
      category: 'outOfScope',
      draft: draftOf(context, { step, standing: 'out-of-scope', member, reading: null, barred }),
    };
  }
  if (member !== null) {
    const standing = standingOf(context, reading, member);
    const step = stepFor(member, standing, { statusSync, barred });
    return planMember(context, { reading, member, standing, step, barred });
  }
  const step = decide(reading.state, 'none', statusSync);
  if (step === 'skip') return { category: 'skipped', draft: null };
  const off = reading.fieldProblems.filter(({ isOff }) => isOff);
  if (off.length > 0) {
    const draft = reportDraft(context, reading, 'problem', reasonFor.notCreated(off));
    return { category: 'problem', draft };
  }
  return { category: 'inScope', draft: createDraft(context, reading, step) };
}

/**
 * Plans one user that takes over a member outside this store: a member added by hand with the user's
 * address, or one kept from a removed store of the same origin.
 */
function planAdoption(
  context: PlanContext,
  reading: InScope,
  member: Member,
  barred: BlockedRisks,
): PersonPlan {
  const { statusSync } = context;
  if (decide(reading.state, 'none', statusSync) === 'skip') {
    return { category: 'skipped', draft: null };
  }
  const step = stepFor(member, reading.state, { statusSync, barred });
  const link: Change[] = [{ field: 'store', from: member.storeId, to: context.storeId }];
  if (member.externalId !== reading.externalId) {
    link.push({ field: 'externalId', from: member.externalId, to: reading.externalId });
  }
  if (member.keptFrom !== null) {
    link.push({ field: 'keptFrom', from: originText(member.keptFrom), to: null });
  }
  const draft = draftOf(context, { step, standing: reading.state, member, reading, barred });
  const changes = [...link, ...(draft?.changes ?? [])];
  return {
    category: 'inScope',
    undecided: undecidedOf(reading),
    draft: withRisks({
      ...blankDraft(context, reading.externalId, reading.email),
      memberId: member.id,
      fromRevision: member.revision,
      action: 'adopt',
      changes,
      cause: draft?.cause ?? null,
      // Claimed even when the member has it already: two users may want to adopt one member.
      claim: barred.has(`${emailRisk}${reading.emailKey}`) ? null : reading.emailKey,
      reason: reasonFor.adopt(member, reading.fieldProblems),
    }),
  };
}

/**
 * Whether the only change for a member proven gone is the mark: the member is inactive already, so
 * the change is visible nowhere.
 */
export function needsOnlyGoneMark(context: PlanContext, member: Member): boolean {
  const step = decide('gone', member.status, context.statusSync);
  return step === 'mark-gone' && member.inactiveCause !== 'gone';
}

/** Plans a member whose absence from the directory is proven. Null when nothing is to be written. */
function planGone(context: PlanContext, member: Member, barred: BlockedRisks): Draft | null {
  const { statusSync } = context;
  const step = stepFor(member, 'gone', { statusSync, barred });
  const draft = draftOf(context, { step, standing: 'gone', member, reading: null, barred });
  return draft && { ...draft, confirmed: true };
}

/** A member that left its last followed group is inactive for that alone: any other cause comes first. */
function standingOf(
  { left }: PlanContext,
  { state }: InScope,
  { leftGroupsAt }: Member,
): SourceStatus {
  const hasLeft = left === 'deactivate' && leftGroupsAt !== null;
  return state === 'ACTIVATED' && hasLeft ? 'left-groups' : state;
}

function planMember(
  context: PlanContext,
  work: Planned & { readonly reading: InScope },
): PersonPlan {
  const { reading } = work;
  const draft = draftOf(context, work);
  // An expression that is off is told once, as a warning of the run.
  const problems = reading.fieldProblems.filter(({ isOff }) => !isOff);
  if (draft !== null || problems.length === 0) {
    return { category: 'inScope', draft, undecided: undecidedOf(reading) };
  }
  return {
    category: 'problem',
    draft: reportDraft(context, reading, 'problem', reasonFor.fieldProblems(problems)),
  };
}

const undecidedOf = ({ fieldProblems }: InScope): readonly string[] =>
  fieldProblems.map(({ field }) => `${blankRisk}${field}`);

interface Planned {
  readonly step: Step;
  readonly standing: SourceStatus;
  readonly member: Member;
  readonly reading: InScope | null;
  readonly barred: BlockedRisks;
}

/** The record of one step for one member; null when the step changes nothing. */
function draftOf(context: PlanContext, planned: Planned): Draft | null {
  const { step, standing, member, reading, barred } = planned;
  const base = {
    ...blankDraft(
      context,
      reading?.externalId ?? member.externalId ?? '',
      reading?.email ?? member.fields.email ?? null,
    ),
    memberId: member.id,
    fromRevision: member.revision,
  };
  if (step === 'delete') {
    return withRisks({
      ...base,
      action: 'delete',
      changes: removalChanges(member),
      cause: causeOf(standing),
      reason: reasonFor.removal(standing),
    });
  }
  const emailStays = reading !== null && barred.has(`${emailRisk}${reading.emailKey}`);
  const fields = (reading === null ? [] : diffFields(member, existingFields(reading))).filter(
    ({ field, to }) =>
      !(emailStays && field === 'email') && !(to === null && barred.has(`${blankRisk}${field}`)),
  );
  const claimed = emailStays ? [] : claimMarks(member, reading, fields);
  const marks = [...claimed, ...statusMarks(step, member, standing)];
  const changes = [...fields, ...marks];
  if (changes.length === 0) return null;
  const action: RecordAction = step === 'deactivate' || step === 'reactivate' ? step : 'update';
  const moves = reading !== null && !emailStays && reading.emailKey !== member.emailKey;
  return withRisks({
    ...base,
    action,
    changes,
    claim: moves ? reading.emailKey : null,
    cause: step === 'deactivate' ? causeOf(standing) : null,
    reason: reasonFor.change({ step, standing, changes, problems: reading?.fieldProblems ?? [] }),
  });
}

function createDraft(context: PlanContext, reading: InScope, step: Step): Draft {
  const cause = step === 'create-inactive' ? causeOf(reading.state) : null;
  return {
    ...blankDraft(context, reading.externalId, reading.email),
    memberId: memberIdOf(context.storeId, reading.externalId),
    action: 'create',
    changes: [
      ...diffFields(null, reading.desired),
      { field: 'status', from: null, to: cause === null ? 'active' : 'inactive' },
      ...(cause === null ? [] : [{ field: 'inactiveCause', from: null, to: cause }]),
    ],
    claim: reading.emailKey,
    reason: reasonFor.create(reading.state, reading.fieldProblems),
  };
}

function existingFields(reading: InScope): InScope['desired'] {
  if (reading.onCreateOnly.size === 0) return reading.desired;
  return Object.fromEntries(
    Object.entries(reading.desired).filter(
      ([field]) => !(reading.onCreateOnly as ReadonlySet<string>).has(field),
    ),
  );
}
