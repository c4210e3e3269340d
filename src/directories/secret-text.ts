import { z } from 'zod';

/** A secret that can be sent in a header. No answer ever shows it. */
export const secretText = z
  .string()
  .max(8192)
  .regex(/^[\x21-\x7e]+$/, 'has a space, a line break or another character that no secret has')
  .meta({ description: 'Kept encrypted, and never told again.', writeOnly: true });
