import type { RiskKind } from '../model/record.ts';
import type { Guard } from '../model/run.ts';
import type { Limit, Safeguards } from '../model/store-config.ts';
import { blankRisk, emailRisk, removalRisk } from './risks.ts';

/** How many records of a plan, or of a period of time, have which risk. */
export interface RiskCounts {
  readonly removals: number;
  /** The removals of active members among them. */
  readonly activeRemovals: number;
  readonly emailChanges: number;
  /** By field. */
  readonly blanks: Readonly<Record<string, number>>;
}

export const noRisks: RiskCounts = Object.freeze({
  removals: 0,
  activeRemovals: 0,
  emailChanges: 0,
  blanks: {},
});

/** What is held, and why. */
export interface Brake {
  /** A risk whose records are all held; one that ends with a colon matches all risks that begin with it. */
  readonly risk: string;
  /** What is held, and over which limit, for people. */
  readonly reason: string;
  /** The same in numbers. */
  readonly guard: Guard;
}

interface BrakeQuestion {
  readonly planned: RiskCounts;
  /** Applied within the window by runs of this store, neither approved by a person nor undone. */
  readonly earlier: RiskCounts;
  /** Active members now, before anything of this plan is applied. */
  readonly active: number;
  /** Whether the store had two or more active members at any time of the window: pushes remove them one by one. */
  readonly hadTwoOrMoreActive?: boolean;
  /** Whether a full listing has no user in scope. */
  readonly isScopeEmpty?: boolean;
  readonly safeguards: Safeguards;
}

/** Above this number of a kind all of them are held. */
export function limitOf({ percent, floor }: Limit, members: number): number {
  return Math.max(floor, (percent * members) / 100);
}

/**
 * Which brakes hold a plan: too many removals, e-mail changes or blanked fields, in this run or
 * together with those of the window; no active member left of two or more; or removals while no user is in scope.
 */
export function brakesOf(question: BrakeQuestion): readonly Brake[] {
  const { planned, earlier, active, safeguards, hadTwoOrMoreActive = active >= 2 } = question;
  const { removals, emailChanges, blanks, window } = safeguards;
  const kinds: readonly [Kind, ...Kind[]] = [
    {
      kind: 'removal',
      risk: removalRisk,
      field: null,
      words: ['removal', 'removals'],
      limit: removals,
      now: planned.removals,
      before: earlier.removals,
      // A member removed within the window counts among the members at the start of the window.
      membersInWindow: active + earlier.activeRemovals,
    },
    {
      kind: 'email',
      risk: emailRisk,
      field: null,
      words: ['e-mail change', 'e-mail changes'],
      limit: emailChanges,
      now: planned.emailChanges,
      before: earlier.emailChanges,
      membersInWindow: active,
    },
    ...Object.entries(planned.blanks).map(([field, now]) => ({
      kind: 'blank' as const,
      risk: `${blankRisk}${field}`,
      field,
      words: [
        `member whose ${field} becomes blank`,
        `members whose ${field} becomes blank`,
      ] as const,
      limit: blanks,
      now,
      before: earlier.blanks[field] ?? 0,
      membersInWindow: active,
    })),
  ];
  const brakes = kinds.flatMap((kind) => {
    const reason = overLimit(kind, { active, window });
    const { risk } = kind;
    return reason === null
      ? []
      : [{ risk, reason, guard: { ...guardOf(kind, 'limit', question), reason } }];
  });
  const [ofRemovals] = kinds;
  const all = (why: Guard['why'], reason: string): Brake => ({
    risk: removalRisk,
    reason,
    guard: { ...guardOf(ofRemovals, why, question), reason },
  });
  const noneLeft =
    hadTwoOrMoreActive && planned.activeRemovals > 0 && planned.activeRemovals >= active;
  if (brakes.some(({ risk }) => risk === removalRisk)) return brakes;
  if (question.isScopeEmpty === true && planned.removals > 0) {
    return [all('nobody-in-scope', 'held: all removals, since nobody is in scope'), ...brakes];
  }
  if (!noneLeft) return brakes;
  const reason = `held: all removals, since ${active === 1 ? 'the last active member' : `none of the ${active} active members`} would ${active === 1 ? 'leave' : 'be left'}`;
  return [all('nobody-left', reason), ...brakes];
}

/** One risk that is counted, and how often it may occur. */
interface Kind {
  readonly kind: RiskKind;
  readonly risk: string;
  readonly field: string | null;
  readonly words: readonly [one: string, many: string];
  readonly limit: Limit;
  readonly now: number;
  readonly before: number;
  readonly membersInWindow: number;
}

function guardOf(
  { kind, field, limit, now, before, membersInWindow }: Kind,
  why: Guard['why'],
  { active, safeguards: { window } }: BrakeQuestion,
): Omit<Guard, 'reason'> {
  const inRun = limitOf(limit, active);
  const per = now > inRun ? 'run' : 'window';
  return {
    kind,
    field,
    why,
    planned: now,
    inWindow: before,
    limit: Math.floor(per === 'run' ? inRun : limitOf(limit, membersInWindow)),
    per,
    percent: limit.percent,
    floor: limit.floor,
    window,
    active,
  };
}

function overLimit(
  { words, limit, now, before, membersInWindow }: Kind,
  { active, window }: { readonly active: number; readonly window: string },
): string | null {
  if (now === 0) return null;
  const many = `${now} ${words[now === 1 ? 0 : 1]}`;
  const inRun = limitOf(limit, active);
  if (now > inRun) {
    return `held: ${many} in one run, over the limit of ${Math.floor(inRun)}`;
  }
  const inWindow = limitOf(limit, membersInWindow);
  if (now + before <= inWindow) return null;
  return `held: ${many}, and ${before} within the last ${window}, together over the limit of ${Math.floor(inWindow)}`;
}
