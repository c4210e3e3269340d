import type { Condition, Criteria } from '../model/store-config.ts';
import type { Subject } from './condition.ts';
import { compileCriteria, evaluate, type ScopeVerdict } from './criteria.ts';
import type { Pattern } from './pattern.ts';

/** The result of one condition of the criteria for a person. */
export interface ExplainedCondition {
  /** As the pattern names it: counts from 1. */
  readonly number: number;
  readonly condition: Condition;
  /** Null when unknown; `unknown` says why. */
  readonly holds: boolean | null;
  readonly unknown: string | null;
  /** The person's values, none when blank; null for groups. */
  readonly actual: readonly unknown[] | null;
}

/** One condition that would have to hold, or would have to stop holding. */
export interface Requirement {
  readonly number: number;
  readonly mustHold: boolean;
}

/** Why a person is in scope, or not. */
export interface CriteriaExplanation {
  readonly verdict: ScopeVerdict;
  readonly conditions: readonly ExplainedCondition[];
  readonly pattern: string;
  /** The first condition, in the order of the file, that keeps the person out; null for a person in scope. */
  readonly firstFailing: number | null;
  /** The smallest sets of requirements that would each let the person in; none for a person in scope. */
  readonly wouldAdmit: readonly (readonly Requirement[])[];
}

/** Explains the criteria's verdict on one person; null when the criteria let all users in. */
export function explainCriteria(criteria: Criteria, subject: Subject): CriteriaExplanation | null {
  const { users } = criteria;
  if (users === 'all') return null;
  const compiled = compileCriteria(criteria);
  const conditions = users.conditions.map((condition, index): ExplainedCondition => {
    const { test, actual } = compiled.conditions[index] ?? neverCompiled(index);
    const truth = test(subject);
    const isKnown = typeof truth === 'boolean';
    return {
      number: index + 1,
      condition,
      holds: isKnown ? truth : null,
      unknown: isKnown ? null : truth.unknown,
      actual: actual?.(subject.user) ?? null,
    };
  });
  const verdict = evaluate(compiled, subject);
  const holding = conditions.map(({ holds }) => holds);
  return {
    verdict,
    conditions,
    pattern: users.pattern ?? conditions.map(({ number }) => number).join(' and '),
    firstFailing: verdict === 'in' ? null : firstFailing(compiled.pattern, holding),
    wouldAdmit: verdict === 'in' ? [] : whatWouldAdmit(compiled.pattern, holding),
  };
}

function neverCompiled(index: number): never {
  throw new RangeError(`no condition ${index + 1}`);
}

/** Whether each condition holds, in order; null when unknown. */
type Holding = readonly (boolean | null)[];

/**
 * The smallest sets of conditions whose change would make the pattern true: those that would have to hold, and
 * those that would have to stop holding. None when the pattern contradicts itself.
 */
export function whatWouldAdmit(
  pattern: Pattern,
  holding: Holding,
): readonly (readonly Requirement[])[] {
  const ways = waysTo(pattern, true, holding).map((way) =>
    [...way]
      .filter(([number, mustHold]) => holding[number - 1] !== mustHold)
      .map(([number, mustHold]) => ({ number, mustHold }))
      .sort((a, b) => a.number - b.number),
  );
  const fewest = Math.min(...ways.map((way) => way.length));
  const smallest = new Map(
    ways.filter((way) => way.length === fewest).map((way) => [JSON.stringify(way), way]),
  );
  return [...smallest.values()].sort(byNumbers);
}

function byNumbers(a: readonly Requirement[], b: readonly Requirement[]): number {
  const at = a.findIndex(({ number }, index) => number !== b[index]?.number);
  return (a[at]?.number ?? 0) - (b[at]?.number ?? 0);
}

function firstFailing(pattern: Pattern, holding: Holding): number | null {
  const failing = literalsOf(pattern, true)
    .filter(({ number, mustHold }) => holding[number - 1] !== mustHold)
    .map(({ number }) => number);
  return failing.length === 0 ? null : Math.min(...failing);
}

/** Every place where the pattern names a condition, and the value that it needs there. */
function literalsOf(pattern: Pattern, wanted: boolean): readonly Requirement[] {
  if ('condition' in pattern) return [{ number: pattern.condition, mustHold: wanted }];
  if ('not' in pattern) return literalsOf(pattern.not, !wanted);
  return ('and' in pattern ? pattern.and : pattern.or).flatMap((each) => literalsOf(each, wanted));
}

/** A way to make a pattern true: the value that each of its conditions needs, unchanged ones included. */
type Way = ReadonlyMap<number, boolean>;

/** Nested alternatives multiply the ways; only the ways with the fewest changes are kept. */
const mostWays = 100;

function waysTo(pattern: Pattern, wanted: boolean, holding: Holding): readonly Way[] {
  if ('condition' in pattern) return [new Map([[pattern.condition, wanted]])];
  if ('not' in pattern) return waysTo(pattern.not, !wanted, holding);
  const operands = 'and' in pattern ? pattern.and : pattern.or;
  const parts = operands.map((each) => waysTo(each, wanted, holding));
  // An "or" is false only if all its parts are false.
  const needsAll = 'and' in pattern === wanted;
  if (!needsAll) return leastOf(parts.flat(), holding);
  return parts.reduce<readonly Way[]>(
    (ways, part) => {
      const both = ways.flatMap((way) => part.flatMap((other) => joined(way, other) ?? []));
      return leastOf(both, holding);
    },
    [new Map()],
  );
}

/** Both ways at once; null when they contradict each other. */
function joined(way: Way, other: Way): Way | null {
  for (const [number, mustHold] of other) {
    if ((way.get(number) ?? mustHold) !== mustHold) return null;
  }
  return new Map([...way, ...other]);
}

function leastOf(ways: readonly Way[], holding: Holding): readonly Way[] {
  const distinct = new Map(
    ways.map((way) => [[...way].sort(([a], [b]) => a - b).join(' '), way] as const),
  );
  if (distinct.size <= mostWays) return [...distinct.values()];
  const cost = (way: Way): number =>
    [...way].filter(([number, mustHold]) => holding[number - 1] !== mustHold).length;
  return [...distinct.values()].toSorted((a, b) => cost(a) - cost(b)).slice(0, mostWays);
}
