import { z } from 'zod';
import type { Person, Principal } from '../core/model/person.ts';
import type { Session } from '../core/model/session.ts';
import { tokenRoles } from '../core/model/token.ts';
import { idleEnd, lastEnd } from '../core/people/session-ends.ts';
import { time, timeText } from './times.ts';
import { tokenSchema } from './token.ts';

export const sessionSchema = tokenSchema
  .extend({
    kind: z.enum(['token', 'user']),
    actor: z.string().meta({ description: 'As runs and the audit name it.' }),
    address: z.string().nullable(),
    expiresAt: time.nullable().meta({
      description: 'When the session ends at the latest, or the token does; null: never.',
    }),
    idleExpiresAt: time.nullable().meta({
      description: 'When the session ends unless its user does something; null without one.',
    }),
  })
  .meta({ id: 'Session', description: 'Who is signed in, and until when.' });

/** Who is signed in as scripts and the console read it. */
export function sessionJson(
  principal: Principal,
  { actor, session }: { readonly actor: string; readonly session: Session | null },
): z.output<typeof sessionSchema> {
  const { id, kind, name, role, address, createdAt, lastUsedAt, expiresAt } = principal;
  const ends = [expiresAt, session === null ? null : lastEnd(session)].filter(
    (end) => end !== null,
  );
  const [end = null] = ends.toSorted((a, b) => a.getTime() - b.getTime());
  return {
    id,
    kind,
    actor,
    name,
    role,
    address,
    createdAt: createdAt.toISOString(),
    lastUsedAt: timeText(lastUsedAt),
    expiresAt: timeText(end),
    idleExpiresAt: timeText(session === null ? null : idleEnd(session)),
  };
}

export const personSchema = z
  .object({
    id: z.string(),
    actor: z.string().meta({ description: 'As runs and the audit name it: `user:<id>`.' }),
    name: z.string().nullable(),
    address: z.string().nullable(),
    role: z.enum(tokenRoles).nullable().meta({ description: 'Null: no list lets them in now.' }),
    createdAt: time,
    signedInAt: time,
    sessions: z.int().meta({ description: 'How many are open.' }),
  })
  .meta({ id: 'Person', description: 'Somebody who signed in as themselves.' });

/** A person as scripts and the console read it. */
export function personJson(
  { id, name, address, role, createdAt, signedInAt }: Person,
  { actor, sessions }: { readonly actor: string; readonly sessions: number },
): z.output<typeof personSchema> {
  return {
    id,
    actor,
    name,
    address,
    role,
    createdAt: createdAt.toISOString(),
    signedInAt: signedInAt.toISOString(),
    sessions,
  };
}
