import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** What a floor or the naive sync measures; the process reads it from standard input. */
const taskSchema = z.object({
  source: z.object({ url: z.string(), apiKey: z.string() }),
  mongodbUri: z.string(),
  database: z.string(),
  /** How many people are read naively, or changed. */
  users: z.number(),
});
export type Task = z.infer<typeof taskSchema>;

export async function readTask(): Promise<Task> {
  return taskSchema.parse(JSON.parse(await text(process.stdin)));
}

export async function secondsOf(action: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await action();
  return (performance.now() - startedMs) / 1000;
}

export const floorNames = ['fetch', 'import', 'write'] as const;
export type FloorName = (typeof floorNames)[number];
