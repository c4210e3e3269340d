import { z } from 'zod';
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
  })
  .meta({ description: 'What the listing proves about its completeness.' });

const decision = z
  .object({
    verdict,
    people: z.array(z.string()).nullable(),
    rejected: z.array(z.string()),
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

export const runSchema = z
  .object({
    id: z.string(),
    store: z.string().nullable(),
    storeName: z.string().nullable(),
    mode: z.enum(runModes),
    trigger: z.enum(runTriggers),
    status: z.enum(runStatuses),
    certificate: certificate.nullable(),
    counts: z.object(
      Object.fromEntries(countNames.map((name) => [name, count])) as Record<
        (typeof countNames)[number],
        typeof count
      >,
    ),
    warnings: z.array(z.string()),
    error: runError.nullable(),
    configRevision: count,
    requestedBy: z.string(),
    undoOf: z.string().nullable(),
    proposed: z.boolean().meta({
      description:
        'Whether it previews a configuration that was proposed as a change of configRevision, in place of that one.',
    }),
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
    certificate: run.certificate,
    counts: run.counts,
    warnings: [...run.warnings],
    error: errorJson(run.error),
    configRevision: run.configRevision,
    requestedBy: run.requestedBy,
    undoOf: run.undoOf,
    proposed: run.proposed !== null,
    decision: run.decision === null ? null : decisionJson(run.decision),
    decided: run.decided === null ? null : decidedJson(run.decided),
    cancelRequested: run.cancelRequested,
    createdAt: run.createdAt.toISOString(),
    startedAt: timeText(run.startedAt),
    finishedAt: timeText(run.finishedAt),
    resolvedAt: timeText(run.resolvedAt),
  };
}

function decisionJson({ people, rejected, at, finishedAt, ...rest }: NonNullable<Run['decision']>) {
  return {
    ...rest,
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
