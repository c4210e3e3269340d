import { z } from 'zod';

/** The texts that a schema takes, when it takes only a few; undefined otherwise. */
export function choicesOf(schema: z.ZodType): readonly string[] | undefined {
  const { enum: several, const: only } = z.toJSONSchema(schema, { io: 'input' });
  const choices = only === undefined ? several : [only];
  return choices?.map(String);
}
