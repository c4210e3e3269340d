import type { Schedule } from '../model/store-config.ts';

const monthsWithout: Readonly<Record<number, string>> = {
  29: 'February, except in leap years',
  30: 'February',
  31: 'February, April, June, September and November',
};

/** Which months a monthly schedule leaves out, because they don't have its date; null when it leaves out none. */
export function skippedMonths(schedule: Schedule): string | null {
  const dates = datesOf(schedule);
  if (dates.includes('last')) return null;
  const parts = [29, 30, 31]
    .filter((date) => dates.includes(date))
    .map((date) => `there is no ${date === 31 ? '31st' : `${date}th`} in ${monthsWithout[date]}`);
  return parts.length === 0 ? null : parts.join('; ');
}

function datesOf(schedule: Schedule): readonly (number | 'last')[] {
  if (schedule.frequency === 'monthly') return schedule.dates;
  if (schedule.frequency !== 'cron') return [];
  const [, , dates = '', month, weekday] = schedule.cron.trim().split(/\s+/);
  const isMonthly = month === '*' && (weekday === '*' || weekday === '?');
  return isMonthly ? dates.split(',').map((date) => (date === 'L' ? 'last' : Number(date))) : [];
}
