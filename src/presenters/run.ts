import { z } from 'zod';
import { groupCountNames, noGroupCounts } from '../core/model/group.ts';
import { type RecordChoice, reasonCodes, recordKinds, riskKinds } from '../core/model/record.ts';
import {
  countNames,
  type Run,
  type RunError,
  runModes,
  runStatuses,
  runTriggers,
} from '../core/model/run.ts';
import { time, timeText } from './times.ts';

/*
 * The shapes that scripts rely on, on the command line and over HTTP. Keys may be added here; none may be renamed
 * or removed.
 */

const count = z.int().min(0);
const runError = z.object({ code: z.string(), message: z.string() });
const verdict = z.enum(['approve', 'reject']);

const certificate = z
  .object({
    complete: z.boolean(),
    totalBefore: count,
    totalAfter: count,
    distinct: count,
    problems: count,
    pages: count,
    requests: count,
    walks: count,
    groups: z
      .object({ complete: z.boolean(), total: count.nullable(), distinct: count })
      .nullable()
      .meta({ description: 'Of the list of groups; null where none was read.' }),
  })
  .meta({ description: 'What the listing proves about its completeness.' });

const guard = z
  .object({
    kind: z.enum(riskKinds),
    field: z.string().nullable().meta({ description: 'The field that becomes blank.' }),
    reason: z.string().meta({ description: 'The warning that says the same for people.' }),
    why: z.enum(['limit', 'nobody-in-scope', 'nobody-left']),
    planned: count.meta({ description: 'Changes of this kind in this run.' }),
    inWindow: count.meta({ description: 'Those that the runs of the window had applied before.' }),
    limit: count.meta({ description: 'More than this many are held.' }),
    per: z.enum(['run', 'window']).meta({
      description: 'Whether the run alone is over the limit, or together with the window.',
    }),
    percent: z.number(),
    floor: count,
    window: z.string(),
    active: count.meta({ description: 'Members that were active before the run.' }),
  })
  .meta({ id: 'Guard', description: 'A safeguard that holds changes of a run, in numbers.' });

const choice = z.object({
  kind: z.enum(recordKinds).optional(),
  reasons: z.array(z.enum(reasonCodes)).optional(),
  risk: z.enum(riskKinds).optional(),
  field: z.string().optional(),
  department: z.string().nullable().optional(),
  location: z.string().nullable().optional(),
  text: z.string().optional(),
});

const decision = z
  .object({
    verdict,
    people: z.array(z.string()).nullable(),
    rejected: z.array(z.string()),
    filter: choice.optional(),
    expected: count.optional(),
    by: z.string(),
    at: time,
    from: z.enum(runStatuses),
    finishedAt: time,
  })
  .meta({ description: 'What a worker is carrying out.' });

const decided = z
  .object({
    verdict,
    by: z.string(),
    at: time,
    done: count,
    noLongerTrue: count,
    failed: count,
    error: runError.nullable(),
  })
  .meta({ description: 'What became of the latest decision.' });

export const countsSchema = z.object(
  Object.fromEntries(countNames.map((name) => [name, count])) as Record<
    (typeof countNames)[number],
    typeof count
  >,
);

const groupCounts = z.object(
  Object.fromEntries(groupCountNames.map((name) => [name, count])) as Record<
    (typeof groupCountNames)[number],
    typeof count
  >,
);

export const runSchema = z
  .object({
    id: z.string(),
    store: z.string().nullable(),
    storeName: z.string().nullable(),
    mode: z.enum(runModes),
    trigger: z.enum(runTriggers),
    status: z.enum(runStatuses),
    certificate: certificate.nullable(),
    counts: countsSchema.extend({ groups: groupCounts }),
    warnings: z.array(z.string()),
    guards: z.array(guard),
    expiresAt: time.nullable().optional().meta({
      description:
        'When what is held is rejected unless a person decides before; of one run alone.',
    }),
    error: runError.nullable(),
    configRevision: count,
    proposed: z.boolean().meta({
      description: 'Whether it previews a configuration that is not saved.',
    }),
    baseRevision: count.nullable().meta({
      description: 'The revision that the proposed configuration was made from.',
    }),
    requestedBy: z.string(),
    undoOf: z.string().nullable(),
    decision: decision.nullable(),
    decided: decided.nullable(),
    cancelRequested: z.boolean(),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    resolvedAt: time.nullable(),
  })
  .meta({ id: 'Run', description: 'One sync, from queued to its end.' });

export type RunJson = z.output<typeof runSchema>;

/** A run as scripts read it. `storeName` is null for an edit by hand of a member of no store. */
export function runJson(run: Run, storeName: string | null): RunJson {
  return {
    id: run.id,
    store: run.storeId,
    storeName,
    mode: run.mode,
    trigger: run.trigger,
    status: run.status,
    certificate: run.certificate && {
      ...run.certificate,
      groups: run.groups?.certificate ?? null,
    },
    counts: { ...run.counts, groups: run.groups?.counts ?? noGroupCounts },
    warnings: [...run.warnings],
    guards: run.guards.map((each) => ({ ...each })),
    error: errorJson(run.error),
    configRevision: run.configRevision,
    proposed: run.proposed !== null,
    baseRevision: run.proposed === null ? null : run.configRevision,
    requestedBy: run.requestedBy,
    undoOf: run.undoOf,
    decision: run.decision === null ? null : decisionJson(run.decision),
    decided: run.decided === null ? null : decidedJson(run.decided),
    cancelRequested: run.cancelRequested,
    createdAt: run.createdAt.toISOString(),
    startedAt: timeText(run.startedAt),
    finishedAt: timeText(run.finishedAt),
    resolvedAt: timeText(run.resolvedAt),
  };
}

function choiceJson({ reasons, ...choice }: RecordChoice) {
  return { ...choice, ...(reasons && { reasons: [...reasons] }) };
}

function decisionJson({
  people,
  rejected,
  at,
  finishedAt,
  filter,
  ...rest
}: NonNullable<Run['decision']>) {
  return {
    ...rest,
    ...(filter && { filter: choiceJson(filter) }),
    people: people === null ? null : [...people],
    rejected: [...rejected],
    at: at.toISOString(),
    finishedAt: finishedAt.toISOString(),
  };
}

function decidedJson({ error, at, ...rest }: NonNullable<Run['decided']>): RunJson['decided'] {
  return { ...rest, error: errorJson(error), at: at.toISOString() };
}

/** Without what only schedules heed. */
function errorJson(error: RunError | null): RunJson['error'] {
  return error === null ? null : { code: error.code, message: error.message };
}
