import type { Schedule } from '../src/core/model/store-config.ts';

/*
 * A BullMQ scheduler stores one string of its schedule, the pattern, and hands it to the repeat
 * strategy. Our pattern is the schedule itself as JSON, so that `nextRun` gets all of it.
 */

/** The same schedule gives the same pattern, whatever the order of its keys. */
export function patternOf(schedule: Schedule): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(schedule).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
}

/** The schedule of a pattern that `patternOf` made. */
export function parsePattern(pattern: string): Schedule {
  return JSON.parse(pattern) as Schedule;
}
