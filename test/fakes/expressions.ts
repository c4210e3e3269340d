import { compileExpression, type OpenExpressions } from '../../src/core/mapping/expression.ts';
import { pack, unpack } from '../../src/expressions/messages.ts';
import type { Expressions } from '../../src/ports/expressions.ts';
import { blocking } from '../integration/expressions/bombs.ts';

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** Users and results go through JSON, as they do on the way to a child process and back. */
const open: OpenExpressions = (texts) => {
  // Nothing could end it, not even jest.
  if (texts.some((text) => text.includes(blocking))) {
    throw new Error('Evaluate an expression that takes years with createExpressions().');
  }
  const compiled = texts.map(compileExpression);
  return async (users) => {
    const rows = [];
    for (const { record, custom } of users) {
      const row = [];
      for (const evaluate of compiled) {
        row.push(unpack(throughJson(pack(await evaluate(throughJson({ record, custom }))))));
      }
      rows.push(row);
    }
    return rows;
  };
};

/**
 * Evaluates expressions in the process of the test, for the expressions of a test always end: a child process takes a
 * second of processor time to start. The tests in `test/integration/expressions` evaluate in child processes.
 */
export const expressions: Expressions = { forRun: () => open, forRequest: () => open };
