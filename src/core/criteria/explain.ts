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
  const forced = new Map(forcedBy(pattern, true).map((each) => [each.number, each.mustHold]));
  const search: Search = { holding, repeated: repeatedIn(pattern), forced, left: mostSteps };
  const ways = waysTo(pattern, true, search).map((way) =>
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

function repeatedIn(pattern: Pattern): ReadonlySet<number> {
  const once = new Set<number>();
  const again = literalsOf(pattern, true).filter(
    ({ number }) => once.size === once.add(number).size,
  );
  return new Set(again.map(({ number }) => number));
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

/**
 * A way to make a pattern true: the value that each of its conditions needs. Those that have it already are left out,
 * unless the pattern names them again and could ask for the opposite there.
 */
type Way = ReadonlyMap<number, boolean>;

/**
 * Nested alternatives multiply the ways. Only the ways with the fewest changes are kept, and one alone when the search
 * has used up its steps.
 */
const mostWays = 500;
const mostSteps = 200_000;

interface Search {
  readonly holding: Holding;
  /** The conditions that the pattern names more than once. */
  readonly repeated: ReadonlySet<number>;
  /** What every way needs: looking for it early leaves out ways that would contradict it in the end. */
  readonly forced: ReadonlyMap<number, boolean>;
  /** How many steps are left. */
  left: number;
}

function waysTo(pattern: Pattern, wanted: boolean, search: Search): readonly Way[] {
  if ('condition' in pattern) return wayOf(pattern.condition, wanted, search);
  if ('not' in pattern) return waysTo(pattern.not, !wanted, search);
  const operands = 'and' in pattern ? pattern.and : pattern.or;
  const parts = operands.map((each) => waysTo(each, wanted, search));
  // An "or" is false only if all its parts are false.
  if ('and' in pattern !== wanted) return leastOf(parts.flat(), search);
  return parts.reduce<readonly Way[]>(
    (ways, part) => leastOf(allJoined(ways, part, search), search),
    [new Map()],
  );
}

function wayOf(
  condition: number,
  wanted: boolean,
  { holding, repeated, forced }: Search,
): readonly Way[] {
  if ((forced.get(condition) ?? wanted) !== wanted) return [];
  const isFree = holding[condition - 1] === wanted && !repeated.has(condition);
  return [new Map(isFree ? [] : [[condition, wanted]])];
}

/** The values that the pattern needs whatever its alternatives. */
function forcedBy(pattern: Pattern, wanted: boolean): readonly Requirement[] {
  if ('condition' in pattern) return [{ number: pattern.condition, mustHold: wanted }];
  if ('not' in pattern) return forcedBy(pattern.not, !wanted);
  if ('and' in pattern !== wanted) return [];
  return ('and' in pattern ? pattern.and : pattern.or).flatMap((each) => forcedBy(each, wanted));
}

function allJoined(ways: readonly Way[], others: readonly Way[], search: Search): readonly Way[] {
  const all: Way[] = [];
  for (const way of ways) {
    for (const other of others) {
      if (search.left <= 0 && all.length > 0) return all;
      search.left -= 1 + way.size + other.size;
      all.push(...joined(way, other));
    }
  }
  return all;
}

/** Both ways at once; none when they contradict each other. */
function joined(way: Way, other: Way): readonly Way[] {
  for (const [number, mustHold] of other) {
    if ((way.get(number) ?? mustHold) !== mustHold) return [];
  }
  return [new Map([...way, ...other])];
}

function leastOf(ways: readonly Way[], search: Search): readonly Way[] {
  if (ways.length <= 1) return ways;
  const { holding, repeated } = search;
  const costs = new Map(
    ways.map((way) => {
      search.left -= 1 + way.size;
      return [way, costOf(way, holding)] as const;
    }),
  );
  const cheapestFirst = ways.toSorted((a, b) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0));
  if (search.left <= 0) return cheapestFirst.slice(0, 1);
  const distinct = new Map(
    cheapestFirst.map((way) => [[...way].sort(([a], [b]) => a - b).join(' '), way] as const),
  );
  const fewest = costs.get(cheapestFirst[0] ?? new Map()) ?? 0;
  return (
    [...distinct.values()]
      // Parts that share no condition can't contradict each other, so the cheapest ways of each are enough.
      .filter((way) => repeated.size > 0 || costs.get(way) === fewest)
      .slice(0, mostWays)
  );
}

function costOf(way: Way, holding: Holding): number {
  return [...way].filter(([number, mustHold]) => holding[number - 1] !== mustHold).length;
}
