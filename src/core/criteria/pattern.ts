import { InvalidInput } from '../errors.ts';

/** How conditions are joined. `condition` counts from 1. */
export type Pattern =
  | { readonly condition: number }
  | { readonly not: Pattern }
  | { readonly and: readonly Pattern[] }
  | { readonly or: readonly Pattern[] };

interface Token {
  readonly kind: 'number' | 'and' | 'or' | 'not' | '(' | ')' | 'end' | 'other';
  readonly text: string;
  /** Counts from 1. */
  readonly column: number;
}

/** Enough to name 500 conditions several times. */
const maxLength = 10_000;
/** How deep parentheses and `not` may be nested: keeps the call stack within bounds. */
const maxDepth = 500;

/**
 * Reads a pattern such as `1 and (2 or not 3)`, or the word `any` (one condition at least) or `all` (every condition).
 * `not` binds closest, then `and`, then `or`; case is ignored. Each of the `conditionCount` conditions must be named: one that isn't would silently not
 * count. `InvalidInput` with the column of a mistake.
 */
export function parsePattern(text: string, conditionCount: number): Pattern {
  if (text.length > maxLength) {
    throw new InvalidInput(`the pattern is longer than ${maxLength} characters`);
  }
  const word = text.trim().toLowerCase();
  if (word === 'any') return { or: everyCondition(conditionCount) };
  if (word === 'all') return { and: everyCondition(conditionCount) };
  const tokens = tokenize(text);
  const used = new Set<number>();
  let position = 0;
  let depth = 0;
  const next = (): Token => tokens[position] ?? { kind: 'end', text: '', column: text.length + 1 };
  const skip = (kind: Token['kind']): boolean => {
    if (next().kind !== kind) return false;
    position += 1;
    return true;
  };

  const joined = (kind: 'and' | 'or', operand: () => Pattern): readonly Pattern[] => {
    const operands = [operand()];
    while (skip(kind)) operands.push(operand());
    return operands;
  };
  const parseOr = (): Pattern => {
    const operands = joined('or', parseAnd);
    return operands.length === 1 && operands[0] !== undefined ? operands[0] : { or: operands };
  };
  const parseAnd = (): Pattern => {
    const operands = joined('and', parseNot);
    return operands.length === 1 && operands[0] !== undefined ? operands[0] : { and: operands };
  };
  const nested = (parse: () => Pattern): Pattern => {
    depth += 1;
    if (depth > maxDepth) {
      throw new InvalidInput(`the pattern has "not" or "(" nested more than ${maxDepth} deep`);
    }
    const inner = parse();
    depth -= 1;
    return inner;
  };
  const parseNot = (): Pattern => (skip('not') ? { not: nested(parseNot) } : parseOperand());
  const parseOperand = (): Pattern => {
    const token = next();
    if (skip('(')) {
      const inner = nested(parseOr);
      if (!skip(')')) throw mistake(next(), '"and", "or" or ")"');
      return inner;
    }
    if (!skip('number')) throw mistake(token, 'a condition number, "not" or "("');
    const condition = Number(token.text);
    if (condition < 1 || condition > conditionCount) {
      throw new InvalidInput(
        `in the pattern, column ${token.column}: there is no condition ${token.text}, they are numbered 1 to ${conditionCount}`,
      );
    }
    used.add(condition);
    return { condition };
  };

  const pattern = parseOr();
  if (next().kind !== 'end') throw mistake(next(), '"and", "or" or the end');
  refuseUnused(used, conditionCount);
  return pattern;
}

function everyCondition(count: number): readonly Pattern[] {
  return Array.from({ length: count }, (_, index) => ({ condition: index + 1 }));
}

function tokenize(text: string): readonly Token[] {
  return [...text.matchAll(/\d+|[\p{L}\p{N}_]+|\S/gu)].map((match) => ({
    kind: kindOf(match[0]),
    text: match[0],
    column: match.index + 1,
  }));
}

function kindOf(text: string): Token['kind'] {
  if (/^\d+$/.test(text)) return 'number';
  const word = text.toLowerCase();
  return word === 'and' || word === 'or' || word === 'not' || word === '(' || word === ')'
    ? word
    : 'other';
}

function refuseUnused(used: ReadonlySet<number>, conditionCount: number): void {
  const unused = Array.from({ length: conditionCount }, (_, index) => index + 1).filter(
    (condition) => !used.has(condition),
  );
  if (unused.length === 0) return;
  throw new InvalidInput(
    unused.length === 1
      ? `the pattern doesn't mention condition ${unused[0]}, so it would not count: add it or remove the condition`
      : `the pattern doesn't mention conditions ${unused.join(', ')}, so they would not count: add them or remove the conditions`,
  );
}

function mistake(token: Token, expected: string): InvalidInput {
  const found = token.kind === 'end' ? 'the end' : `"${token.text}"`;
  return new InvalidInput(
    `in the pattern, column ${token.column}: expected ${expected}, found ${found}`,
  );
}
