import { z } from 'zod';
import { consolePathOf } from '../core/alerts/console-path.ts';
import { type Attention, attentionKinds } from '../core/model/attention.ts';
import { time, timeText } from './times.ts';

const count = z.int().min(0);

export const attentionSchema = z
  .object({
    kind: z.enum(attentionKinds),
    store: z.object({ id: z.string(), name: z.string() }).nullable(),
    run: z.string().nullable().meta({ description: 'The id of the run that it is about.' }),
    since: time.nullable(),
    path: z.string().meta({ description: 'The screen of the console that answers it.' }),
    params: z
      .object({
        held: count,
        applied: count,
        errorCode: z.string(),
        errorMessage: z.string(),
        conflicts: count,
        problems: count,
        incompleteRuns: count,
        undecidedUsers: count,
        tokenName: z.string(),
        expiresAt: time,
        domain: z.string(),
        via: z.enum(['api', 'scim']),
        failing: count,
        givenUp: count,
      })
      .partial()
      .meta({ description: 'The facts of a sentence about it: which ones depends on the kind.' }),
  })
  .meta({ id: 'Attention', description: 'Something that waits for a person.' });

/** Something that waits for a person, as scripts read it. */
export function attentionJson({
  kind,
  storeId,
  storeName,
  runId,
  since,
  params: { expiresAt, ...params },
}: Attention & { readonly storeName: string | null }): z.output<typeof attentionSchema> {
  return {
    kind,
    store: storeId === null || storeName === null ? null : { id: storeId, name: storeName },
    run: runId,
    since: timeText(since),
    path: consolePathOf(kind, { storeId, runId }),
    params: { ...params, ...(expiresAt !== undefined && { expiresAt: expiresAt.toISOString() }) },
  };
}
