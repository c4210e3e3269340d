import { z } from 'zod';
import { operators, type StoreConfig, weekdays } from '../core/model/store-config.ts';

export const rule = z
  .object({
    value: z.string().optional(),
    attribute: z.string().optional(),
    custom: z.string().optional(),
    expression: z.string().optional(),
    default: z.string().optional(),
    apply: z.enum(['always', 'on-create']).optional(),
    transform: z.array(z.string()).readonly().optional(),
  })
  .meta({
    id: 'MappingRule',
    description: 'Exactly one of value, attribute, custom and expression, and options.',
  });

const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const condition = z
  .object({
    attribute: z.string().optional(),
    custom: z.string().optional(),
    memberOf: z.string().optional(),
    operator: z.enum(operators).optional(),
    value: z.union([scalar, z.array(scalar).readonly()]).optional(),
  })
  .meta({
    id: 'Condition',
    description: 'memberOf alone; or attribute or custom, with operator and value.',
  });

const schedule = z
  .object({
    enabled: z.boolean(),
    timezone: z.string(),
    frequency: z.enum(['daily', 'weekly', 'monthly', 'cron']),
    time: z.string().optional(),
    days: z.array(z.enum(weekdays)).optional(),
    dates: z.array(z.union([z.int(), z.literal('last')])).optional(),
    cron: z.string().optional(),
  })
  .meta({ id: 'Schedule', description: 'time but for cron; days if weekly, dates if monthly.' });

const limit = z.object({ percent: z.number(), floor: z.int() });

/** A configuration as scripts read it, and as an administrator sends a part of it: the sections of a store file. */
export const configurationSchema = z
  .object({
    mapping: z.record(z.string(), rule),
    settings: z.object({
      statusSync: z.object({
        mode: z.enum(['reflect', 'ignore']),
        deactivated: z.enum(['deactivate', 'delete']),
        deleted: z.enum(['deactivate', 'delete']),
        outOfScope: z.enum(['deactivate', 'keep']),
        staged: z.enum(['skip', 'inactive']),
      }),
    }),
    criteria: z.object({
      users: z.union([
        z.literal('all'),
        z.object({ conditions: z.array(condition), pattern: z.string().optional() }),
      ]),
    }),
    schedule: schedule.nullable(),
    safeguards: z.object({
      removals: limit,
      emailChanges: limit,
      blanks: limit,
      absence: z.object({ confirmations: z.int(), over: z.string() }),
      window: z.string(),
    }),
  })
  .meta({ id: 'Configuration', description: 'What an administrator decides about a store.' });

/** A configuration as scripts read it. */
export type ConfigurationJson = z.output<typeof configurationSchema>;

/** A configuration as scripts read it. */
export function configurationJson(config: StoreConfig): ConfigurationJson {
  // The model's unions of exact types, readonly throughout, as the schema's plain objects.
  return structuredClone(config) as ConfigurationJson;
}

export const configChangeSchema = z
  .object({ path: z.string(), from: z.string().nullable(), to: z.string().nullable() })
  .meta({
    id: 'ConfigChange',
    description: 'A changed setting, as a store file writes it.',
  });
