import type { Schedule } from '../../../../src/core/model/store-config.ts';
import { describeSchedule } from '../../../../src/core/schedule/describe-schedule.ts';

const rest = { enabled: true, timezone: 'Asia/Kolkata', time: '02:00' } as const;

describe('describeSchedule', () => {
  it.each<[Schedule, string]>([
    [{ ...rest, frequency: 'daily' }, 'daily at 02:00 Asia/Kolkata'],
    [{ ...rest, enabled: false, frequency: 'daily' }, 'off (daily at 02:00 Asia/Kolkata)'],
    [
      { ...rest, frequency: 'weekly', days: ['mon', 'thu'] },
      'weekly on mon and thu at 02:00 Asia/Kolkata',
    ],
    [
      { ...rest, frequency: 'monthly', dates: [1, 2, 3, 11, 'last'] },
      'monthly on the 1st, 2nd, 3rd, 11th and last day at 02:00 Asia/Kolkata',
    ],
    [
      { ...rest, frequency: 'monthly', dates: [31] },
      'monthly on the 31st at 02:00 Asia/Kolkata, but there is no 31st in February, April, June, September and November',
    ],
    [
      { ...rest, frequency: 'monthly', dates: [28, 30, 29] },
      'monthly on the 28th, 30th and 29th at 02:00 Asia/Kolkata, but there is no 29th in February, except in leap years; there is no 30th in February',
    ],
    [
      { ...rest, frequency: 'monthly', dates: [30, 'last'] },
      'monthly on the 30th and last day at 02:00 Asia/Kolkata',
    ],
    [
      { enabled: true, frequency: 'cron', cron: '0 2 1,31 * *', timezone: 'UTC' },
      'cron 0 2 1,31 * * UTC, but there is no 31st in February, April, June, September and November',
    ],
    [
      { enabled: true, frequency: 'cron', cron: '0 2 31 12 *', timezone: 'UTC' },
      'cron 0 2 31 12 * UTC',
    ],
    [
      { enabled: true, frequency: 'cron', cron: '*/15 * * * *', timezone: 'UTC' },
      'cron */15 * * * * UTC',
    ],
  ])('%j', (schedule, words) => {
    expect(describeSchedule(schedule)).toBe(words);
  });
});
