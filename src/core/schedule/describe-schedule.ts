import type { Schedule } from '../model/store-config.ts';
import { skippedMonths } from './skipped-months.ts';

/** A schedule in words for people, such as `daily at 02:00 Asia/Kolkata`. */
export function describeSchedule(schedule: Schedule): string {
  const skipped = skippedMonths(schedule);
  const words = `${describeTimes(schedule)}${skipped === null ? '' : `, but ${skipped}`}`;
  return schedule.enabled ? words : `off (${words})`;
}

function describeTimes(schedule: Schedule): string {
  switch (schedule.frequency) {
    case 'daily':
      return `daily at ${schedule.time} ${schedule.timezone}`;
    case 'weekly':
      return `weekly on ${joinWords(schedule.days)} at ${schedule.time} ${schedule.timezone}`;
    case 'monthly': {
      const dates = schedule.dates.map((date) => (date === 'last' ? 'last day' : ordinal(date)));
      return `monthly on the ${joinWords(dates)} at ${schedule.time} ${schedule.timezone}`;
    }
    case 'cron':
      return `cron ${schedule.cron} ${schedule.timezone}`;
  }
}

function ordinal(date: number): string {
  const suffixes: Readonly<Record<string, string>> = {
    one: 'st',
    two: 'nd',
    few: 'rd',
    other: 'th',
  };
  const rule = new Intl.PluralRules('en', { type: 'ordinal' }).select(date);
  return `${date}${suffixes[rule]}`;
}

function joinWords(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(words);
}
