import { Cron } from 'croner';
import { InvalidInput, messageOf } from '../errors.ts';
import { collect, refuse, within } from '../input-problems.ts';
import type { Schedule } from '../model/store-config.ts';
import { checkTimeZone } from './check-time-zone.ts';

/**
 * The first instant after `after` at which a schedule is due; null when it is off or never due again. Every wall time
 * that fits is due once: one that a clock change skips is due right after the gap, one that happens twice is due the
 * first time. `InvalidInput` when the schedule can't be followed.
 */
export function nextRun(schedule: Schedule, after: Date): Date | null {
  return schedule.enabled ? compileCron(schedule, schedule.timezone).nextRun(after) : null;
}

/** Checks that a schedule can be followed and is ever due; `InvalidInput` lists what is wrong. */
export function checkSchedule(schedule: Schedule): void {
  const complaints: string[] = [];
  collect(complaints, () => within('schedule.timezone', () => checkTimeZone(schedule.timezone)));
  collect(complaints, () => within('schedule', () => refuseNever(compileCron(schedule, 'UTC'))));
  refuse(complaints);
}

function refuseNever(cron: Cron): void {
  if (cron.nextRun(new Date(0)) === null) throw new InvalidInput('this date never comes');
}

function compileCron(schedule: Schedule, timezone: string): Cron {
  const pattern = cronPattern(schedule);
  const fields = pattern.trim().split(/\s+/).length;
  if (fields !== 5) {
    throw new InvalidInput(
      `cron "${pattern}" has ${fields} ${fields === 1 ? 'field' : 'fields'}; give 5: minute, hour, day of month, month, weekday`,
    );
  }
  try {
    return new Cron(pattern, { mode: '5-part', timezone, paused: true });
  } catch (error) {
    const why = messageOf(error).replace(/^CronPattern: /, '');
    throw new InvalidInput(`cron "${pattern}" can't be read: ${why}`, { cause: error });
  }
}

function cronPattern(schedule: Schedule): string {
  if (schedule.frequency === 'cron') return schedule.cron;
  const [hour, minute] = schedule.time.split(':').map(Number);
  switch (schedule.frequency) {
    case 'daily':
      return `${minute} ${hour} * * *`;
    case 'weekly':
      return `${minute} ${hour} * * ${schedule.days.join(',')}`;
    case 'monthly':
      return `${minute} ${hour} ${schedule.dates.map((date) => (date === 'last' ? 'L' : date)).join(',')} * *`;
  }
}
