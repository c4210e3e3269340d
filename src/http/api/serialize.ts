import type { FastifySerializerCompiler } from 'fastify';
import { ResponseSerializationError, serializerCompiler } from 'fastify-type-provider-zod';
import type { z } from 'zod';

/**
 * Shapes an answer by its schema. What was stored before a text or a list had a maximum must stay readable, so an answer
 * that is wrong only in being too large is sent as it is.
 */
export const shapeAnswer: FastifySerializerCompiler<z.ZodType> = (route) => {
  const shape = serializerCompiler(route);
  return (answer) => {
    try {
      return shape(answer);
    } catch (error) {
      if (error instanceof ResponseSerializationError && error.cause.issues.every(isMaximum)) {
        return JSON.stringify(answer);
      }
      throw error;
    }
  };
};

type Issue = z.core.$ZodIssue;

/** Whether the issue is a maximum; `namedValues` reports those of its keys as the other two codes. */
function isMaximum(issue: Issue): boolean {
  if (issue.code === 'invalid_union') return issue.errors.some((each) => each.every(isMaximum));
  return issue.code === 'too_big' || issue.code === 'invalid_key' || issue.code === 'custom';
}
