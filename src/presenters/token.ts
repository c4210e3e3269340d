import { z } from 'zod';
import { type AccessToken, tokenRoles } from '../core/model/token.ts';
import { time, timeText } from './times.ts';

export const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(tokenRoles),
    createdAt: time,
    lastUsedAt: time.nullable(),
    expiresAt: time.nullable().meta({ description: 'When it stops working; null: never.' }),
  })
  .meta({ id: 'Token', description: 'An access token, without its secret.' });

/** An access token as scripts read it, without its secret. */
export function tokenJson(token: AccessToken): z.output<typeof tokenSchema> {
  return {
    id: token.id,
    name: token.name,
    role: token.role,
    createdAt: token.createdAt.toISOString(),
    lastUsedAt: timeText(token.lastUsedAt),
    expiresAt: timeText(token.expiresAt),
  };
}
