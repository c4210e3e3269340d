import fc from 'fast-check';
import { z } from 'zod';
import { refuseDuplicates } from '../../../jobs/index.ts';
import { defineJob } from '../../../jobs/job-definition.ts';
import { repeatStrategy } from '../../../jobs/queues.ts';
import { parsePattern, patternOf } from '../../../jobs/schedule-pattern.ts';
import { compareSchedulers } from '../../../jobs/schedules.ts';
import { type Schedule, weekdays } from '../../../src/core/model/store-config.ts';
import { nextRun } from '../../../src/core/schedule/next-run.ts';

const zones = fc.constantFrom('UTC', 'Asia/Kolkata', 'Europe/Berlin', 'America/New_York');
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const schedules: fc.Arbitrary<Schedule> = fc.oneof(
  fc.record({
    enabled: fc.constant(true),
    timezone: zones,
    frequency: fc.constant('daily' as const),
    time,
  }),
  fc.record({
    enabled: fc.constant(true),
    timezone: zones,
    frequency: fc.constant('weekly' as const),
    days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
    time,
  }),
);

describe('the pattern of a scheduler', () => {
  it('is the schedule, whole', () => {
    fc.assert(
      fc.property(schedules, (schedule) =>
        expect(parsePattern(patternOf(schedule))).toEqual(schedule),
      ),
    );
  });

  it('is due when the core says so, and never otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(
        schedules,
        fc.date({ min: new Date('2025-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
        async (schedule, after) => {
          const next = await repeatStrategy(after.getTime(), { pattern: patternOf(schedule) });
          expect(next).toBe(nextRun(schedule, after)?.getTime());
          expect(next).toBeGreaterThan(after.getTime());
        },
      ),
    );
  });

  it('is the same for the same schedule, whatever the order of its keys', () => {
    const schedule: Schedule = {
      enabled: true,
      frequency: 'daily',
      time: '02:00',
      timezone: 'UTC',
    };
    const turned: Schedule = { timezone: 'UTC', time: '02:00', frequency: 'daily', enabled: true };
    expect(patternOf(turned)).toBe(patternOf(schedule));
  });
});

describe('comparing schedulers', () => {
  const scheduler = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    pattern: fc.constantFrom('x', 'y'),
  });
  const some = fc.uniqueArray(scheduler, { selector: ({ id }) => id });

  it('sets and removes what differs, and leaves the rest', () => {
    fc.assert(
      fc.property(some, some, (wanted, there) => {
        const present = there.map((one) => ({ ...one, armed: true }));
        const { put, remove } = compareSchedulers(wanted, present);
        const after = new Map<string, string>(present.map(({ id, pattern }) => [id, pattern]));
        for (const id of remove) after.delete(id);
        for (const { id, pattern } of put) after.set(id, pattern);
        expect(after).toEqual(new Map(wanted.map(({ id, pattern }) => [id, pattern])));
        expect(
          compareSchedulers(
            wanted,
            wanted.map((one) => ({ ...one, armed: true })),
          ),
        ).toEqual({ put: [], remove: [] });
        for (const { id, pattern } of put)
          expect(present).not.toContainEqual({ id, pattern, armed: true });
      }),
    );
  });

  it('sets one again that would never fire again', () => {
    const one = { id: 'a', pattern: 'x' };
    expect(compareSchedulers([one], [{ ...one, armed: false }]).put).toEqual([one]);
  });
});

it('refuses two jobs with one name', () => {
  const job = defineJob({
    queue: 'maintenance',
    name: 'sweep-runs',
    data: z.object({}),
    handle: async () => ({ end: 'done', result: {} }),
  });
  expect(() => refuseDuplicates([job, { ...job, queue: 'runs' }])).not.toThrow();
  expect(() => refuseDuplicates([job, job])).toThrow('Two jobs are named maintenance/sweep-runs.');
});
