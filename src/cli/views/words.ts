import { type Counts, plannedWrites } from '../../core/model/run.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `1 member`, `1,204 members`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function span(ms: number): string {
  if (ms < minuteMs) return plural(Math.floor(ms / 1000), 'second');
  if (ms < hourMs) return plural(Math.floor(ms / minuteMs), 'minute');
  if (ms < 2 * dayMs) return plural(Math.floor(ms / hourMs), 'hour');
  return plural(Math.floor(ms / dayMs), 'day');
}

function shortSpan(ms: number): string {
  if (ms < minuteMs) return `${Math.floor(ms / 1000)} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  if (ms < 2 * dayMs) return `${Math.floor(ms / hourMs)} h`;
  return `${Math.floor(ms / dayMs)} d`;
}

/** When `time` is, seen from `now`: `5 minutes ago`, `in 3 hours`, or a date when that is far. */
export function relativeTime(time: Date, now: Date): string {
  return seenFrom(now, time, span);
}

/** The same for tables, where room is scarce: `5 min ago`, `in 3 h`. */
export function shortRelativeTime(time: Date, now: Date): string {
  return seenFrom(now, time, shortSpan);
}

function seenFrom(now: Date, time: Date, spanOf: (ms: number) => string): string {
  const ms = time.getTime() - now.getTime();
  if (Math.abs(ms) < 1000) return 'just now';
  if (Math.abs(ms) > 60 * dayMs) return time.toISOString().slice(0, 10);
  return ms < 0 ? `${spanOf(-ms)} ago` : `in ${spanOf(ms)}`;
}

/** How long something took: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** An exact time for people, in UTC. */
export function exactTime(time: Date): string {
  return time
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}

/** What a run did or would do, in one line: `1,000 created, 3 updated, 1 held`. */
export function describeCounts(counts: Counts): string {
  const parts = [
    [counts.create, 'created'],
    [counts.adopt, 'adopted'],
    [counts.update, 'updated'],
    [counts.deactivate, 'deactivated'],
    [counts.reactivate, 'reactivated'],
    [counts.delete, 'deleted'],
    [counts.held, 'held'],
    [counts.failed, 'failed'],
  ] as const;
  const words = parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count.toLocaleString('en')} ${word}`);
  if (counts.conflict > 0) words.push(plural(counts.conflict, 'conflict'));
  if (counts.problem > 0) words.push(plural(counts.problem, 'problem'));
  return words.length > 0 ? words.join(', ') : 'nothing changed';
}

/**
 * How much of a run's plan is applied: `3 of 12 changes applied, 9 held: 3 to create, 9 to
 * deactivate`.
 */
export function describePart(counts: Counts): string {
  const plans = [
    [counts.create, 'to create'],
    [counts.adopt, 'to adopt'],
    [counts.update, 'to update'],
    [counts.deactivate, 'to deactivate'],
    [counts.reactivate, 'to reactivate'],
    [counts.delete, 'to delete'],
  ] as const;
  const { applied, held, failed } = counts;
  const rejected = plannedWrites(counts) - applied - held - failed;
  const outcome = [
    `${counts.applied.toLocaleString('en')} of ${plural(plannedWrites(counts), 'change')} applied`,
    ...(counts.held > 0 ? [`${counts.held.toLocaleString('en')} held`] : []),
    ...(counts.failed > 0 ? [`${counts.failed.toLocaleString('en')} failed`] : []),
    ...(rejected > 0 ? [`${rejected.toLocaleString('en')} rejected`] : []),
  ];
  const planned = plans.filter(([count]) => count > 0);
  const words = planned.map(([count, word]) => `${count.toLocaleString('en')} ${word}`);
  if (counts.conflict > 0) words.push(plural(counts.conflict, 'conflict'));
  if (counts.problem > 0) words.push(plural(counts.problem, 'problem'));
  return `${outcome.join(', ')}: ${words.join(', ')}`;
}
