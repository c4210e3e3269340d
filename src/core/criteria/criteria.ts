import { InvalidInput } from '../errors.ts';
import { collect, refuse, within } from '../input-problems.ts';
import type { Criteria, UserCriteria } from '../model/store-config.ts';
import { type CompiledCondition, compileCondition, groupsOf, type Subject } from './condition.ts';
import { type Pattern, parsePattern } from './pattern.ts';
import { allOf, anyOf, not, type Truth } from './truth.ts';

/** Compiled criteria, made once a run and evaluated for many users. */
export interface CompiledCriteria {
  readonly conditions: readonly CompiledCondition[];
  readonly pattern: Pattern;
}

/** Whether a user is in scope, or why this is unknown. */
export type ScopeVerdict = 'in' | 'out' | { readonly unknown: string };

/** Compiles criteria; `InvalidInput` that lists all that is wrong with them, a line each. */
export function compileCriteria({ users }: Criteria): CompiledCriteria {
  return compileConditions('criteria.users', users);
}

/** Compiles the conditions of a section, on users or on groups; `section` leads each complaint. */
export function compileConditions(section: string, criteria: UserCriteria): CompiledCriteria {
  if (criteria === 'all') return { conditions: [], pattern: { and: [] } };
  const complaints: string[] = [];
  const conditions = criteria.conditions.flatMap((condition, index) => {
    const where = `${section}.conditions[${index}]`;
    return collect(complaints, () => within(where, () => compileCondition(condition))) ?? [];
  });
  const pattern = collect(complaints, () => within(section, () => compilePattern(criteria)));
  refuse(complaints);
  return { conditions, pattern: pattern ?? { and: [] } };
}

/**
 * Decides whether a user is in scope. A condition that can't be evaluated makes the whole unknown
 * only if the other conditions don't decide it.
 */
export function evaluate(compiled: CompiledCriteria, subject: Subject): ScopeVerdict {
  const truth = evaluatePattern(compiled.pattern, (number) => {
    const condition = compiled.conditions[number - 1];
    if (condition === undefined) throw new RangeError(`no condition ${number}`);
    const answer = condition.test(subject);
    return typeof answer === 'boolean'
      ? answer
      : { unknown: `condition ${number}: ${condition.subject} ${answer.unknown}` };
  });
  if (typeof truth === 'object') return truth;
  return truth ? 'in' : 'out';
}

/** The groups, by name or id as written, that the criteria name; each once. */
export function groupReferences({ users }: Criteria): readonly string[] {
  if (users === 'all') return [];
  return [...new Set(users.conditions.flatMap(groupsOf))];
}

function compilePattern({ conditions, pattern }: Exclude<UserCriteria, 'all'>): Pattern {
  if (conditions.length === 0) {
    throw new InvalidInput('give at least one condition, or users: all');
  }
  return parsePattern(pattern ?? 'all', conditions.length);
}

function evaluatePattern(pattern: Pattern, ask: (condition: number) => Truth): Truth {
  if ('condition' in pattern) return ask(pattern.condition);
  if ('not' in pattern) return not(evaluatePattern(pattern.not, ask));
  if ('and' in pattern) return allOf(pattern.and.map((each) => evaluatePattern(each, ask)));
  return anyOf(pattern.or.map((each) => evaluatePattern(each, ask)));
}
