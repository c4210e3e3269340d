import { nameKey } from '../same-name.ts';

/** A node of a parsed expression. What evaluates the expression reads the same objects. */
type Node = Record<string, unknown>;

/**
 * JSONata takes null for a value: `firstname & ' '` makes it the word "null". Here null is nothing, as everywhere in a
 * mapping: in the record (`withoutNulls`) and in the expression, where comparing with null asks whether there is
 * something. The names of custom attributes become those that `collectCustom` makes.
 */
export function adaptExpression(nodes: readonly Readonly<Node>[]): void {
  for (const node of nodes as readonly Node[]) {
    const { type, value, lhs, rhs, steps } = node;
    if (type === 'binary' && (value === '=' || value === '!=') && (isNull(lhs) || isNull(rhs))) {
      const exists = call('exists', isNull(rhs) ? lhs : rhs);
      replace(node, value === '=' ? call('not', exists) : exists);
    }
    if (type === 'path' && Array.isArray(steps)) foldCustomName(steps);
  }
  for (const node of nodes as readonly Node[]) if (isNull(node)) node['value'] = undefined;
}

function isNull(node: unknown): boolean {
  return isNode(node) && node['type'] === 'value' && node['value'] === null;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** The call of a function, as JSONata's parser makes it. */
function call(name: string, argument: unknown): Node {
  return {
    type: 'function',
    value: '(',
    arguments: [argument],
    procedure: { type: 'variable', value: name },
  };
}

function replace(node: Node, by: Node): void {
  for (const key of ['lhs', 'rhs']) Reflect.deleteProperty(node, key);
  Object.assign(node, by);
}

/** `$custom.shirtSize`, with the name as it is written in the expression. */
function foldCustomName([variable, name]: readonly unknown[]): void {
  if (!isNode(variable) || !isNode(name)) return;
  if (variable['type'] !== 'variable' || variable['value'] !== 'custom') return;
  if (name['type'] === 'name' && typeof name['value'] === 'string') {
    name['value'] = nameKey(name['value']);
  }
}

/** A copy without what is null, at any depth. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => each !== null).map(withoutNulls);
  if (!isNode(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) =>
      each === null ? [] : [[key, withoutNulls(each)] as const],
    ),
  );
}
