import { createExpressions } from '../../src/expressions/index.ts';

/** The processes that evaluate expressions for the tests of one file. They end with its process. */
export const expressions = createExpressions();
