import { customValue } from '../custom-attributes.ts';
import { InvalidInput } from '../errors.ts';
import {
  type AttributePath,
  isBlank,
  parseAttributePath,
  readPath,
} from '../mapping/attribute-path.ts';
import type { SourceUser } from '../model/source-user.ts';
import type { Condition, ConditionValue, Operator } from '../model/store-config.ts';
import { orderedFrom, testOrder, testText, textsOf } from './compare.ts';
import { anyOf, not, type Truth } from './truth.ts';

/** Whether the user is in a group, by the group's name or id; undefined when unknown. */
type GroupTest = (reference: string) => boolean | undefined;

/** The data that a condition is evaluated on. */
export interface Subject {
  readonly user: SourceUser;
  readonly groups: GroupTest;
}

/** A compiled condition: `subject` names it for people, `test` evaluates it. */
export interface CompiledCondition {
  readonly subject: string;
  readonly test: (subject: Subject) => Truth;
  /** The values that `test` reads, without blanks; null where it reads groups. */
  readonly actual: ((user: SourceUser) => readonly unknown[]) | null;
}

/** Evaluates the condition on all values of an attribute, without blanks. */
type ValuesTest = (values: readonly unknown[]) => Truth;

type ValueCondition = Exclude<Condition, { readonly memberOf: unknown }>;

/** Compiles one condition; `InvalidInput` with what is wrong with it. */
export function compileCondition(condition: Condition): CompiledCondition {
  if ('memberOf' in condition) return compileMembership(condition.memberOf);
  const test = compileOperator(condition);
  if ('custom' in condition) {
    const { custom } = condition;
    const actual = (user: SourceUser) => customValues(user, custom);
    return {
      subject: `custom attribute ${custom}`,
      test: ({ user }) => test(actual(user)),
      actual,
    };
  }
  const path: AttributePath = parseAttributePath(condition.attribute);
  const actual = (user: SourceUser) => readPath(path, user.record).values;
  return { subject: `attribute ${path.text}`, test: ({ user }) => test(actual(user)), actual };
}

function compileMembership(memberOf: string | readonly string[]): CompiledCondition {
  const references = groupsOf({ memberOf });
  return {
    subject:
      typeof memberOf === 'string' ? `group ${memberOf}` : `one of the groups ${someOf(memberOf)}`,
    test({ groups }) {
      let isUnknown = false;
      for (const reference of references) {
        const isIn = groups(reference);
        if (isIn === true) return true;
        isUnknown ||= isIn === undefined;
      }
      return isUnknown && { unknown: 'has members that are not known' };
    },
    actual: null,
  };
}

/** The groups that a condition names, as written; none where it tests values. */
export function groupsOf(condition: Condition): readonly string[] {
  if (!('memberOf' in condition)) return [];
  const { memberOf } = condition;
  return typeof memberOf === 'string' ? [memberOf] : memberOf;
}

/** So many of a long list are named to people. */
const mostNamed = 3;

/** The first of some names, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const more = names.length - mostNamed;
  const first = names.slice(0, mostNamed).join(', ');
  return more > 0 ? `${first} and ${more} more` : first;
}

function customValues(user: SourceUser, name: string): readonly unknown[] {
  const value = customValue(user, name);
  return isBlank(value) ? [] : [value];
}

/**
 * Values compare case-sensitively and NFC-normalised. With several values (a list, or several
 * entries of a path) a positive operator needs one that fits; a negative operator is its opposite.
 */
function compileOperator(condition: ValueCondition): ValuesTest {
  const { operator } = condition;
  switch (operator) {
    case 'exists':
    case 'notExists':
      if (condition.value !== undefined)
        throw new InvalidInput(`the operator ${operator} takes no value`);
      return (values) => values.length > 0 === (operator === 'exists');
    case 'greaterThan':
    case 'lessThan':
      return compileOrder(condition, operator === 'greaterThan' ? 1 : -1);
    case 'in':
    case 'notIn': {
      const wanted = new Set(textsOf(listValue(condition)));
      const test = someText((text) => wanted.has(text));
      return operator === 'in' ? test : opposite(test);
    }
    case 'equals':
      return someText(textTest(condition, (text, wanted) => text === wanted));
    case 'notEquals':
      return opposite(someText(textTest(condition, (text, wanted) => text === wanted)));
    case 'contains':
      return someText(textTest(condition, (text, wanted) => text.includes(wanted)));
    case 'notContains':
      return opposite(someText(textTest(condition, (text, wanted) => text.includes(wanted))));
    case 'startsWith':
      return someText(textTest(condition, (text, wanted) => text.startsWith(wanted)));
    case 'endsWith':
      return someText(textTest(condition, (text, wanted) => text.endsWith(wanted)));
  }
}

const yamlNumber = /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?|0x[\da-f]+|0o[0-7]+)$/i;

function compileOrder(condition: ValueCondition, sign: 1 | -1): ValuesTest {
  const value = singleValue(condition);
  // In a store file a number may be written as YAML allows it.
  const limit = orderedFrom(yamlNumber.test(String(value)) ? Number(value) : value);
  if (limit === null) {
    throw new InvalidInput(
      `the operator ${condition.operator} compares numbers or dates: give a number, or a date such as 2026-01-31`,
    );
  }
  return (values) => anyOf(values.map((value) => testOrder(value, limit, sign)));
}

function textTest(
  condition: ValueCondition,
  test: (text: string, wanted: string) => boolean,
): (text: string) => boolean {
  const [wanted = ''] = textsOf([singleValue(condition)]);
  return (text) => test(text, wanted);
}

function someText(test: (text: string) => boolean): ValuesTest {
  return (values) => anyOf(values.map((value) => testText(value, test)));
}

function opposite(test: ValuesTest): ValuesTest {
  return (values) => not(test(values));
}

function singleValue({ operator, value }: ValueCondition): ConditionValue {
  if (value === undefined || value === '') throw missingValue(operator, 'a value');
  if (typeof value === 'object') {
    throw new InvalidInput(
      `the operator ${operator} takes a single value; for a list use in or notIn`,
    );
  }
  return value;
}

function listValue({ operator, value }: ValueCondition): readonly ConditionValue[] {
  if (value === undefined) throw missingValue(operator, 'a list');
  if (typeof value !== 'object') {
    throw new InvalidInput(`the operator ${operator} takes a list, such as [S, M]`);
  }
  if (value.length === 0) throw missingValue(operator, 'a list that is not empty');
  return value;
}

function missingValue(operator: Operator, wanted: string): InvalidInput {
  return new InvalidInput(`the operator ${operator} needs ${wanted}`);
}
