import { z } from 'zod';
import { spreadSchema } from './statistics.ts';

const timed = z.object({
  /** The median of the rounds, by the run's own startedAt and finishedAt. */
  seconds: z.number(),
  min: z.number(),
  max: z.number(),
  /** Until the command had ended, process starts included. */
  outside: spreadSchema,
});

/** What `npm run bench -- --json` prints. Names are stable: others compare by them. */
export const resultSchema = z.object({
  users: z.number(),
  latencyMs: z.number(),
  rounds: z.number(),
  date: z.string(),
  machine: z.object({
    cpu: z.string(),
    cores: z.number(),
    memoryGb: z.number(),
    os: z.string(),
  }),
  versions: z.object({
    node: z.string(),
    rollcall: z.string(),
    database: z.string(),
    redis: z.string(),
  }),
  floors: z.object({
    fetch: spreadSchema,
    import: spreadSchema,
    write: spreadSchema,
  }),
  /** `seconds` is for all users, by the time for each of those measured. */
  naive: z.object({
    seconds: z.number(),
    min: z.number(),
    max: z.number(),
    usersMeasured: z.number(),
    scaled: z.boolean(),
  }),
  firstImport: timed.extend({
    usersPerSecond: z.number(),
    overFloor: z.number(),
    overNaive: z.number(),
    created: z.number(),
  }),
  noChange: timed.extend({
    overFetch: z.number(),
    writes: z.number(),
    unchanged: z.number(),
  }),
  onePercent: timed.extend({ overFloor: z.number(), writes: z.number(), changed: z.number() }),
  preview: timed.extend({ changed: z.number() }),
  gone: z.object({
    held: timed.extend({ people: z.number() }),
    approved: timed.extend({ people: z.number() }),
  }),
  /** What the worker computes for each 10,000 users, in seconds: medians, beside a directory that answers at once. */
  cpu: z.object({
    firstImport: spreadSchema,
    noChange: spreadSchema,
    preview: spreadSchema,
    onePercent: spreadSchema,
    held: spreadSchema,
    approved: spreadSchema,
  }),
  memory: z.object({
    peakMb: z.number(),
    min: z.number(),
    max: z.number(),
    /** With a tenth of the users. */
    tenthPeakMb: z.number(),
    growth: z.number(),
  }),
  /** Of an unchanged run. */
  requests: z.object({ listing: z.number(), total: z.number() }),
});
export type BenchResult = z.infer<typeof resultSchema>;
