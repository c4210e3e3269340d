import jsonata from 'jsonata';
import { InvalidInput } from '../errors.ts';
import type { SourceUser } from '../model/source-user.ts';
import { didYouMean } from '../suggest.ts';
import { adaptExpression, withoutNulls } from './adapt-expression.ts';
import { jsonataFunctions, refusedFunctions } from './jsonata-names.ts';
import { endsSoon, guardRegex } from './regex-guard.ts';

/** What an expression gives for one user. Its problem repeats nothing of the user's record. */
export type ExpressionResult =
  | { readonly value: unknown }
  | {
      readonly problem: string;
      /** The evaluation took longer than its limit. */
      readonly isSlow?: true;
      /** The expression is evaluated for no further user of this run or request. */
      readonly isOff?: true;
    };

/** Evaluates some expressions for some users: for each user a list of results, in the order of the expressions. */
export type Evaluate = (
  users: readonly SourceUser[],
) => Promise<readonly (readonly ExpressionResult[])[]>;

/** Prepares the evaluation of some expressions. */
export type OpenExpressions = (texts: readonly string[]) => Evaluate;

/** An expression ready to be evaluated for one user after the other. Never rejects. */
export type Expression = (user: Pick<SourceUser, 'record' | 'custom'>) => Promise<ExpressionResult>;

/** Uses a regular expression only where the search is sure to end soon. */
class BoundedRegExp extends RegExp {
  override exec(text: string): RegExpExecArray | null {
    if (!endsSoon(this, text)) {
      throw new Error(
        `the regular expression /${this.source}/ could take for ever on a text of ${text.length} characters`,
      );
    }
    return super.exec(text);
  }
}

/** The limits of a single evaluation: milliseconds, nested calls, entries in a list. */
const limits = {
  timeout: 500,
  stack: 300,
  sequence: 10_000,
  RegexEngine: new Proxy(RegExp, { construct: (_, [regex]) => new BoundedRegExp(regex) }),
};

/** JSONata's code for an evaluation that took longer than the limit. */
const timedOut = 'D1012';
/** The time to parse an expression can grow with the square of its length: 50 ms for this length. */
const mostCharacters = 4096;
const mostMessage = 500;

/** `InvalidInput` with the place of a mistake, also for functions that would make runs differ or never end. */
export function checkExpression(text: string): void {
  parse(text);
}

/**
 * Compiles an expression; `InvalidInput` as `checkExpression`. It reads the user's record; `$custom` holds the custom
 * attributes. An evaluation may block its thread for ever and take all memory: only a process of its own may do it.
 */
export function compileExpression(text: string): Expression {
  const compiled = parse(text);
  return async ({ record, custom }) => {
    try {
      return { value: await compiled.evaluate(withoutNulls(record), { custom }) };
    } catch (error) {
      const problem = shorten(`the expression failed${describe(error)}`);
      return isNode(error) && error['code'] === timedOut ? { problem, isSlow: true } : { problem };
    }
  };
}

function shorten(text: string): string {
  return text.length > mostMessage ? `${text.slice(0, mostMessage)}…` : text;
}

function parse(text: string): jsonata.Expression {
  if (text.length > mostCharacters) {
    throw new InvalidInput(
      `the expression is wrong: it has ${text.length} characters, and at most ${mostCharacters} are possible`,
    );
  }
  const compiled = parseText(text);
  const nodes = nodesWithin(compiled.ast());
  refuseUnknownNames(nodes);
  for (const node of nodes) {
    if (node['value'] instanceof RegExp) guardRegex(node['value']);
  }
  adaptExpression(nodes);
  return compiled;
}

function parseText(text: string): jsonata.Expression {
  try {
    return jsonata(text, limits);
  } catch (error) {
    throw new InvalidInput(`the expression is wrong${describe(error)}`, { cause: error });
  }
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** The node and all nodes beneath it. */
function nodesWithin(root: unknown): readonly Node[] {
  const nodes = new Set<Node>();
  const visit = (value: unknown): void => {
    if (!isNode(value) || nodes.has(value)) return;
    nodes.add(value);
    for (const child of Object.values(value)) visit(child);
  };
  visit(root);
  return [...nodes];
}

/** JSONata reads an unknown name as nothing, so a misspelt function would fail for every user. */
function refuseUnknownNames(nodes: readonly Node[]): void {
  const known = new Set<string>(['', '$', 'custom', ...jsonataFunctions]);
  for (const node of nodes) for (const name of namesBoundBy(node)) known.add(name);
  for (const { type, value: name, position } of nodes) {
    if (type !== 'variable' || typeof name !== 'string' || known.has(name)) continue;
    const place = `the expression is wrong near column ${Number(position) - name.length}`;
    const why = Object.hasOwn(refusedFunctions, name) ? refusedFunctions[name] : undefined;
    throw new InvalidInput(
      why === undefined
        ? `${place}: there is no $${name}.${didYouMean(
            `$${name}`,
            [...known].map((each) => `$${each}`),
          )}`
        : `${place}: $${name} is refused, because ${why}`,
    );
  }
}

/** The names that `$x := …`, `function($x)`, `@$x` and `#$x` define. */
function namesBoundBy(node: Node): readonly string[] {
  const { type, lhs, focus, index } = node;
  const bound = [focus, index];
  if (type === 'bind' && isNode(lhs)) bound.push(lhs['value']);
  if (type === 'lambda' && Array.isArray(node['arguments'])) {
    bound.push(...node['arguments'].filter(isNode).map((parameter) => parameter['value']));
  }
  return bound.filter((name) => typeof name === 'string');
}

/** JSONata throws plain objects; its messages quote the values they are about. */
function describe(error: unknown): string {
  if (!isNode(error)) return `: ${String(error)}`;
  const { message, position } = error;
  const place = typeof position === 'number' ? ` near column ${position}` : '';
  let words = typeof message === 'string' ? message : 'for an unknown reason';
  for (const value of [error['value'], error['value2']]) {
    if (typeof value === 'string' && value !== '') {
      words = words.replaceAll(JSON.stringify(value), '(a text)');
    }
  }
  return `${place}: ${words}`;
}
