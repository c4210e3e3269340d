import { customValue } from '../custom-attributes.ts';
import { InvalidInput } from '../errors.ts';
import { collect, refuse, within } from '../input-problems.ts';
import { type FieldName, isFieldName, memberFields } from '../model/fields.ts';
import type { SourceUser } from '../model/source-user.ts';
import type { Mapping, MappingRule } from '../model/store-config.ts';
import { didYouMean } from '../suggest.ts';
import { parseAttributePath, readValue } from './attribute-path.ts';
import { checkExpression } from './expression.ts';
import { phoneReader } from './phones.ts';
import { type Outcome, shapeValue } from './shape-value.ts';
import { type Transform, transforms } from './transforms.ts';

/** A member field and how its value is made from what is read. */
interface CompiledField {
  readonly field: FieldName;
  readonly shape: (raw: unknown) => Outcome;
}

interface DirectField extends CompiledField {
  readonly read: (user: SourceUser) => unknown;
}

interface ExpressionField extends CompiledField {
  readonly text: string;
}

/** A compiled mapping, made once a run and applied to many users. */
export interface CompiledMapping {
  readonly direct: readonly DirectField[];
  /** Their values are computed by another process. */
  readonly expressions: readonly ExpressionField[];
  /** Fields that are set on creation and never changed by later runs. */
  readonly onCreateOnly: ReadonlySet<FieldName>;
}

/** Parsing all expressions of a mapping takes a fifth of a second at most. */
const mostExpressionCharacters = 16_384;

/** Compiles a mapping; `InvalidInput` that lists all that is wrong with it, a line each. */
export function compileMapping(mapping: Mapping): CompiledMapping {
  const complaints: string[] = [];
  const direct: DirectField[] = [];
  const expressions: ExpressionField[] = [];
  const onCreateOnly = new Set<FieldName>();
  const add = (name: string, rule: MappingRule): void => {
    const field = parseFieldName(name);
    if (field === 'email') checkEmailRule(rule);
    const shape = compileShape(rule);
    if ('expression' in rule) {
      checkExpression(rule.expression);
      expressions.push({ field, text: rule.expression, shape });
    } else {
      direct.push({ field, read: compileRead(field, rule), shape });
    }
    if (rule.apply === 'on-create') onCreateOnly.add(field);
  };
  checkLengths(mapping);
  for (const [name, rule] of Object.entries(mapping)) {
    if (rule !== undefined)
      collect(complaints, () => within(`mapping.${name}`, () => add(name, rule)));
  }
  refuse(complaints);
  return { direct, expressions, onCreateOnly };
}

function checkLengths(mapping: Mapping): void {
  const lengths = Object.values(mapping).map((rule) =>
    rule !== undefined && 'expression' in rule ? rule.expression.length : 0,
  );
  const all = lengths.reduce((sum, length) => sum + length, 0);
  if (all <= mostExpressionCharacters) return;
  throw new InvalidInput(
    `mapping: its expressions have ${all} characters together; at most ${mostExpressionCharacters} are possible`,
  );
}

/** A member field; `InvalidInput` with a suggestion for anything else. */
export function parseFieldName(name: string): FieldName {
  if (isFieldName(name)) return name;
  const hint = didYouMean(name, memberFields) || ' Fields of your own are called custom.NAME.';
  throw new InvalidInput(`no such member field.${hint}`);
}

function checkEmailRule(rule: MappingRule): void {
  if (rule.apply === 'on-create') {
    throw new InvalidInput(
      'people are known by their e-mail address: it always follows the source',
    );
  }
  if ('value' in rule || rule.default !== undefined) {
    throw new InvalidInput(
      'each member has an e-mail address of their own: name an attribute, without a default',
    );
  }
}

function compileRead(
  field: FieldName,
  rule: Exclude<MappingRule, { readonly expression: string }>,
): (user: SourceUser) => unknown {
  if ('value' in rule) return () => rule.value;
  if ('custom' in rule) {
    if (rule.custom === '') throw new InvalidInput('the name of the custom attribute is empty');
    return (user) => customValue(user, rule.custom);
  }
  const path = parseAttributePath(rule.attribute);
  const read = phoneReader(field, rule.attribute) ?? ((record) => readValue(path, record));
  return ({ record }) => read(record);
}

function compileShape(rule: MappingRule): (raw: unknown) => Outcome {
  const steps = (rule.transform ?? []).map(findTransform);
  const shape = (raw: unknown): Outcome =>
    shapeValue({
      raw: 'expression' in rule && isOnlyBlanks(raw) ? undefined : raw,
      steps,
      fallback: rule.default ?? null,
    });
  const fixed = [rule.default, 'value' in rule ? rule.value : undefined];
  for (const text of fixed) {
    const outcome = shapeValue({ raw: text, steps: [], fallback: null });
    if (typeof outcome === 'object' && outcome !== null)
      throw new InvalidInput(`the value ${outcome.problem}`);
  }
  return shape;
}

/** What an expression makes of absent names: `firstname & ' ' & lastname`. */
function isOnlyBlanks(raw: unknown): boolean {
  return typeof raw === 'string' && raw.trim() === '';
}

function findTransform(name: string): Transform {
  const transform = transforms.get(name);
  if (transform !== undefined) return transform;
  const hint =
    didYouMean(name, transforms.keys()) || ` There are ${[...transforms.keys()].join(', ')}.`;
  throw new InvalidInput(`no such transform: ${name}.${hint}`);
}
