import { z } from 'zod';
import type { Mapping } from '../core/model/store-config.ts';
import type { SeenRevision } from '../manage/stores/revisions.ts';
import { configChangeSchema, configurationFile, configurationSchema } from './configuration.ts';
import { runSchema } from './run.ts';
import { time, timeText } from './times.ts';

export const revisionSchema = z
  .object({
    revision: z.int(),
    present: z.boolean().meta({ description: 'Whether the store has it now.' }),
    by: z.string().nullable().meta({ description: 'Null where an earlier release stored it.' }),
    at: time.nullable(),
    changes: z
      .array(configChangeSchema)
      .nullable()
      .meta({ description: 'What it changed; null for the first one that is kept.' }),
    emptied: z
      .boolean()
      .meta({ description: 'Whether it lacks values that named a person who was erased.' }),
    runs: z.int().meta({ description: 'How many syncs used it, previews apart.' }),
  })
  .meta({ id: 'ConfigRevision', description: 'A configuration that a store has or had.' });

/** A revision as lists show it. */
export function revisionJson(seen: SeenRevision): z.output<typeof revisionSchema> {
  const { revision, isPresent: present, by, at, changes, isEmptied: emptied, runs } = seen;
  return {
    revision,
    present,
    by,
    at: timeText(at),
    changes: changes && [...changes],
    emptied,
    runs,
  };
}

export const wholeRevisionSchema = revisionSchema
  .extend({
    configuration: configurationSchema.meta({
      description: 'All sections, as a change can send them to restore it.',
    }),
    latestRuns: z.array(runSchema).meta({ description: 'The newest syncs that used it.' }),
  })
  .meta({ id: 'WholeConfigRevision' });

/** A revision with its sections; in its mapping null unmaps a field of the default mapping. */
export function wholeRevisionJson(
  seen: SeenRevision,
  defaultMapping: Mapping,
): Omit<z.output<typeof wholeRevisionSchema>, 'latestRuns'> {
  return { ...revisionJson(seen), configuration: configurationFile(seen.config, defaultMapping) };
}
