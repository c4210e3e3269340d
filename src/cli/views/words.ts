import { type Counts, plannedWrites } from '../../core/model/run.ts';
import { howItDiffers, looksLike } from '../../core/same-name.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `1 member`, `1,204 members`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

const unquoted = (text: string | null): string => (text ?? '').replaceAll('"', '');

/** `Sales → Support`, with `none` for no value. Says how the values differ when they look alike. */
export function changeText(from: string | null, to: string | null, none: string): string {
  // YAML quotes some spellings of a text and not others.
  const [before, after] = [unquoted(from), unquoted(to)];
  const difference = looksLike(before, after) ? howItDiffers(after, before) : '';
  return `${from ?? none} → ${to ?? none}${difference}`;
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

const number = (value: number): string => value.toLocaleString('en');

/** The kinds of change that a run counts, with what was done and what is to be done. */
const kinds = [
  ['create', 'created', 'to create'],
  ['adopt', 'adopted', 'to adopt'],
  ['update', 'updated', 'to update'],
  ['deactivate', 'deactivated', 'to deactivate'],
  ['reactivate', 'reactivated', 'to reactivate'],
  ['delete', 'deleted', 'to delete'],
] as const;

/** Counts with their words, without those that are zero: `3 updated`. */
export function counted(parts: readonly (readonly [number, string])[]): readonly string[] {
  return parts.filter(([count]) => count > 0).map(([count, word]) => `${number(count)} ${word}`);
}

function reported({ conflict, problem }: Counts): readonly string[] {
  return [
    ...(conflict > 0 ? [plural(conflict, 'conflict')] : []),
    ...(problem > 0 ? [plural(problem, 'problem')] : []),
  ];
}

/** What a run did or would do, in one line: `1,000 created, 3 updated, 1 held`. */
export function describeCounts(counts: Counts): string {
  const done = counted([
    ...kinds.map(([kind, word]) => [counts[kind], word] as const),
    [counts.held, 'held'],
    [counts.failed, 'failed'],
  ]);
  return [...done, ...reported(counts)].join(', ') || 'nothing changed';
}

/** How much of a run's plan is applied: `3 of 12 changes applied, 9 held: 3 to create, 9 to deactivate`. */
export function describePart(counts: Counts): string {
  const { applied, held, failed } = counts;
  const rejected = plannedWrites(counts) - applied - held - failed;
  const outcome = [
    `${number(applied)} of ${plural(plannedWrites(counts), 'change')} applied`,
    ...counted([
      [held, 'held'],
      [failed, 'failed'],
      [rejected, 'rejected'],
    ]),
  ];
  const planned = counted(kinds.map(([kind, , word]) => [counts[kind], word] as const));
  return `${outcome.join(', ')}: ${[...planned, ...reported(counts)].join(', ')}`;
}
