import { z } from 'zod';
import type { Mapping, StoreConfig } from '../core/model/store-config.ts';
import { limits, namedValues } from '../core/store-file/limits.ts';
import {
  conditionKinds,
  groupSync,
  matching,
  ruleKinds,
  safeguards,
  schedule,
  settings,
} from '../core/store-file/schema.ts';
import type { ScopeCount } from '../manage/stores/try-source.ts';

export const rule = z.union(Object.values(ruleKinds)).meta({
  id: 'MappingRule',
  description: 'Exactly one of value, attribute, custom and expression, and options.',
});

export const condition = z.union(Object.values(conditionKinds)).meta({
  id: 'Condition',
  description: 'memberOf alone; or attribute or custom, with operator and value.',
});

const conditions = matching.extend({ conditions: z.array(condition).max(limits.conditions) });

/** A configuration as scripts read it, and as an administrator sends a part of it: the sections of a store file. */
export const configurationSchema = z
  .object({
    mapping: namedValues(
      rule.nullable().meta({ description: 'Null: a field of the default mapping is not mapped.' }),
    ),
    settings,
    criteria: z.object({ users: z.union([z.literal('all'), conditions]) }),
    groups: groupSync.extend({ criteria: z.union([z.literal('all'), conditions]) }),
    schedule: schedule
      .meta({ id: 'Schedule', description: 'time but for cron; days if weekly, dates if monthly.' })
      .nullable(),
    safeguards,
  })
  .meta({ id: 'Configuration', description: 'What an administrator decides about a store.' });

export type ConfigurationJson = z.output<typeof configurationSchema>;

/** A configuration as scripts read it, without the keys that a later version of Rollcall stored in it. */
export function configurationJson(config: StoreConfig): ConfigurationJson {
  const json = structuredClone(config);
  for (const issue of configurationSchema.safeParse(json).error?.issues ?? []) {
    if (issue.code !== 'unrecognized_keys') continue;
    const holder = issue.path.reduce<object>((at, key) => Reflect.get(at, key), json);
    for (const key of issue.keys) Reflect.deleteProperty(holder, key);
  }
  // The model's unions of exact types, readonly throughout, as the schema's plain objects.
  return json as ConfigurationJson;
}

/** The same as a store file has it, in which null unmaps a field of the default mapping. */
export function configurationFile(config: StoreConfig, defaultMapping: Mapping): ConfigurationJson {
  const json = configurationJson(config);
  const unmapped = Object.fromEntries(Object.keys(defaultMapping).map((field) => [field, null]));
  return { ...json, mapping: { ...unmapped, ...json.mapping } };
}

export const configChangeSchema = z
  .object({ path: z.string(), from: z.string().nullable(), to: z.string().nullable() })
  .meta({
    id: 'ConfigChange',
    description: 'A changed setting, as a store file writes it.',
  });

export const scopeCountSchema = z
  .object({
    listed: z.int(),
    inScope: z.int(),
    outOfScope: z.int(),
    unknown: z.int(),
    total: z.int().meta({ description: 'How many users the directory says there are.' }),
    complete: z.boolean().meta({ description: 'False when time was up before all were listed.' }),
    unseen: z.array(z.string()).meta({
      description: 'The attributes of the criteria that none of the listed users has.',
    }),
  })
  .meta({ id: 'ScopeCount', description: 'How many users match criteria.' });

export function scopeCountJson(count: ScopeCount): z.output<typeof scopeCountSchema> {
  return { ...count, unseen: [...count.unseen] };
}
