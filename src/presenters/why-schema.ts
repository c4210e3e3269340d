import { z } from 'zod';
import { inactiveCauses, memberStatuses } from '../core/model/member.ts';
import { recordActions, recordStatuses } from '../core/model/record.ts';
import { storeStatuses } from '../core/model/store.ts';
import { condition, configurationSchema, rule } from './configuration.ts';
import { memberSchema } from './member.ts';
import { time } from './times.ts';

const text = z.string().nullable();

const reason = z
  .object({ code: z.string(), message: z.string() })
  .meta({ id: 'Reason', description: '`code` for scripts, `message` for people.' });

const source = z
  .object({
    found: z.boolean().nullable(),
    externalId: text,
    state: z.enum(['ACTIVATED', 'STAGED', 'SUSPENDED']).nullable(),
    scope: z.enum(['in-scope', 'out-of-scope']).nullable(),
    error: text,
  })
  .meta({ description: 'What the directory says of them now.' });

const foundRecord = z.object({
  run: z.string(),
  at: time,
  by: z.string(),
  externalId: text,
  action: z.enum(recordActions),
  status: z.enum(recordStatuses),
  reason: z.string(),
  error: text,
});

const change = foundRecord.extend({ from: text, to: text });
const history = { lastChange: change.nullable(), refusedChange: change.nullable() };

const field = z.object({
  field: z.string(),
  rule: rule.nullable(),
  source: z.unknown().meta({ description: 'What the directory has there.' }),
  mapped: text,
  problem: text,
  stored: text,
  reason,
});

const criteria = z.object({
  verdict: z.enum(['in', 'out', 'unknown']),
  conditions: z
    .array(
      z.object({
        number: z.int(),
        condition,
        holds: z.boolean().nullable(),
        unknown: text,
        actual: z.array(z.unknown()).readonly().nullable(),
      }),
    )
    .readonly(),
  pattern: z.string(),
  firstFailing: z.int().nullable(),
  wouldAdmit: z.array(z.array(z.int()).readonly()).readonly(),
});

const due = { storeStatus: z.enum(storeStatuses).nullable(), nextRunAt: time.nullable() };

const storeWhySchema = z
  .object({
    store: z.string(),
    storeName: z.string(),
    ...due,
    reason,
    source: source.nullable(),
    criteria: criteria.nullable(),
    latest: foundRecord.nullable(),
  })
  .meta({ id: 'StoreWhy', description: 'Why an address is no member of one store.' });

export const whySchema = z
  .object({
    email: z.string(),
    imported: z.boolean(),
    member: memberSchema.nullable(),
    store: text,
    storeName: text,
    ...due,
    reason,
    source: source.nullable(),
    field: field.extend(history).nullable(),
    fields: z.array(field).readonly(),
    status: z
      .object({
        status: z.enum(memberStatuses),
        statusBy: z.enum(['sync', 'person']),
        inactiveCause: z.enum(inactiveCauses).nullable(),
        statusSync: configurationSchema.shape.settings.shape.statusSync.nullable(),
        reason,
        ...history,
      })
      .nullable(),
    criteria: criteria.nullable(),
    runsFail: text,
    next: z.object({ action: z.enum(recordActions), reason: z.string() }).nullable(),
    standing: z
      .array(
        z.object({
          run: z.string(),
          status: z.enum(recordStatuses),
          action: z.enum(recordActions),
          reason: z.string(),
          by: text,
        }),
      )
      .readonly(),
    conflicts: z.array(foundRecord).readonly(),
    latest: foundRecord.nullable(),
    stores: z.array(storeWhySchema).readonly(),
  })
  .meta({ id: 'Why', description: 'Where a member comes from, or why a person is none.' });

export type WhyJson = z.output<typeof whySchema>;
