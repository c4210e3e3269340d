import fc from 'fast-check';
import type { Schedule } from '../../../../src/core/model/store-config.ts';
import { resolveTimeZone } from '../../../../src/core/schedule/areas-meant-by.ts';
import { timeZoneProblem } from '../../../../src/core/schedule/check-time-zone.ts';
import { checkSchedule, nextRun } from '../../../../src/core/schedule/next-run.ts';

function daily(time: string, timezone: string): Schedule {
  return { enabled: true, frequency: 'daily', time, timezone };
}

function cron(pattern: string, timezone = 'UTC'): Schedule {
  return { enabled: true, frequency: 'cron', cron: pattern, timezone };
}

function monthly(dates: readonly (number | 'last')[]): Schedule {
  return { enabled: true, frequency: 'monthly', dates, time: '05:00', timezone: 'UTC' };
}

function runsOf(schedule: Schedule, from: string, count: number): readonly string[] {
  const runs: string[] = [];
  let run = nextRun(schedule, new Date(from));
  while (run !== null && runs.length < count) {
    runs.push(run.toISOString().replace(':00.000Z', 'Z'));
    run = nextRun(schedule, run);
  }
  return runs;
}

describe('nextRun', () => {
  it.each<[string, Schedule, string, readonly string[]]>([
    [
      'a plain day',
      daily('02:00', 'Asia/Kolkata'),
      '2026-01-01T20:30:00Z',
      ['2026-01-02T20:30Z', '2026-01-03T20:30Z'],
    ],
    ['just before', daily('02:00', 'UTC'), '2026-01-01T01:59:59.999Z', ['2026-01-01T02:00Z']],
    [
      'a skipped hour',
      daily('02:30', 'Europe/Berlin'),
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00Z', '2026-03-30T00:30Z'],
    ],
    [
      'an hour read twice',
      daily('02:30', 'Europe/Berlin'),
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
    ],
    [
      'a skipped half hour',
      daily('02:15', 'Australia/Lord_Howe'),
      '2026-10-03T00:00:00Z',
      ['2026-10-03T15:30Z', '2026-10-04T15:15Z'],
    ],
    [
      'a skipped midnight',
      daily('00:00', 'America/Sao_Paulo'),
      '2017-10-14T12:00:00Z',
      ['2017-10-15T03:00Z', '2017-10-16T02:00Z'],
    ],
    [
      'a skipped day',
      daily('02:00', 'Pacific/Apia'),
      '2011-12-29T11:00:00Z',
      ['2011-12-29T12:00Z', '2011-12-30T12:00Z', '2011-12-31T12:00Z'],
    ],
    [
      'many skipped times',
      cron('*/15 * * * *', 'Europe/Berlin'),
      '2026-03-29T00:40:00Z',
      ['2026-03-29T00:45Z', '2026-03-29T01:00Z', '2026-03-29T01:15Z'],
    ],
    [
      'many times read twice',
      cron('*/30 * * * *', 'Europe/Berlin'),
      '2026-10-25T00:00:00Z',
      ['2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z', '2026-10-25T02:00Z'],
    ],
    [
      'several times in a skipped hour alone',
      cron('*/30 2 * * *', 'Europe/Berlin'),
      '2026-03-28T00:45:00Z',
      ['2026-03-28T01:00Z', '2026-03-28T01:30Z', '2026-03-30T00:00Z'],
    ],
    [
      'weekdays',
      { enabled: true, frequency: 'weekly', days: ['thu', 'mon'], time: '00:00', timezone: 'UTC' },
      '2026-01-01T00:00:00Z',
      ['2026-01-05T00:00Z', '2026-01-08T00:00Z'],
    ],
    [
      'the last day',
      monthly(['last']),
      '2028-01-31T05:00:00Z',
      ['2028-02-29T05:00Z', '2028-03-31T05:00Z', '2028-04-30T05:00Z'],
    ],
    [
      'dates where they exist',
      monthly([29, 30, 31]),
      '2027-01-31T05:00:00Z',
      ['2027-03-29T05:00Z', '2027-03-30T05:00Z', '2027-03-31T05:00Z', '2027-04-29T05:00Z'],
    ],
    [
      'the 31st and last day once',
      monthly([31, 'last']),
      '2026-01-01T00:00:00Z',
      ['2026-01-31T05:00Z', '2026-02-28T05:00Z', '2026-03-31T05:00Z'],
    ],
    [
      'a leap day',
      cron('0 0 29 2 *'),
      '2026-01-01T00:00:00Z',
      ['2028-02-29T00:00Z', '2032-02-29T00:00Z'],
    ],
  ])('%s', (_, schedule, from, runs) => {
    expect(runsOf(schedule, from, runs.length)).toEqual(runs);
  });

  it('is null when the schedule is off or never due again', () => {
    expect(nextRun({ ...daily('02:00', 'UTC'), enabled: false }, new Date())).toBeNull();
    expect(nextRun(cron('0 0 30 2 *'), new Date())).toBeNull();
  });
});

describe('in every time zone', () => {
  const quarterMs = 15 * 60_000;
  const dayMs = 24 * 60 * 60_000;
  const changesOfClocks: readonly (readonly [string, string])[] = [
    ['Europe/Berlin', '2026-03-29T01:00Z'],
    ['Europe/Berlin', '2026-10-25T01:00Z'],
    ['America/New_York', '2026-03-08T07:00Z'],
    ['America/New_York', '2026-11-01T06:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
    ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
    ['Asia/Kolkata', '2026-03-29T01:00Z'],
    ['Africa/Cairo', '2024-04-25T22:00Z'],
    ['Africa/Cairo', '2024-10-31T21:00Z'],
    ['America/Sao_Paulo', '2017-10-15T03:00Z'],
    ['America/Sao_Paulo', '2018-02-18T02:00Z'],
    ['Asia/Kathmandu', '1985-12-31T18:30Z'],
    ['Antarctica/Troll', '2026-03-29T01:00Z'],
    ['Antarctica/Troll', '2026-10-25T01:00Z'],
  ];

  /** The wall time as text that sorts by time: `2026-03-29 02:30`. */
  function wallText(timezone: string): (instantMs: number) => string {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: timezone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    return (instantMs) => format.format(instantMs);
  }

  /**
   * A slow second opinion: steps through time by quarters of an hour, and calls a schedule due
   * whenever the local time is, or has jumped over, a wall time that fits.
   */
  function dailyWithin(span: {
    timezone: string;
    fromMs: number;
    toMs: number;
    time: string;
  }): readonly number[] {
    const readWall = wallText(span.timezone);
    let reached = '';
    for (let ms = span.fromMs - dayMs; ms <= span.fromMs; ms += quarterMs) {
      if (readWall(ms) > reached) reached = readWall(ms);
    }
    const due: number[] = [];
    for (let ms = span.fromMs + quarterMs; ms <= span.toMs; ms += quarterMs) {
      const wall = readWall(ms);
      if (wall <= reached) continue;
      let isDue = false;
      for (let passed = Date.parse(`${wall}Z`); toText(passed) > reached; passed -= quarterMs) {
        isDue ||= toText(passed).slice(11) === span.time;
      }
      if (isDue) due.push(ms);
      reached = wall;
    }
    return due;
  }

  function toText(wallMs: number): string {
    return new Date(wallMs).toISOString().slice(0, 16).replace('T', ' ');
  }

  const times = fc
    .integer({ min: 0, max: 95 })
    .map((quarter) => toText(quarter * quarterMs).slice(11));

  /** Every half hour that the clocks show, however often they do. */
  function halfHoursWithin(span: {
    timezone: string;
    fromMs: number;
    toMs: number;
  }): readonly number[] {
    const readWall = wallText(span.timezone);
    const due: number[] = [];
    for (let ms = span.fromMs + quarterMs; ms <= span.toMs; ms += quarterMs) {
      if (/:[03]0$/.test(readWall(ms))) due.push(ms);
    }
    return due;
  }

  function runsWithin(schedule: Schedule, span: { fromMs: number; toMs: number }) {
    const runs: number[] = [];
    let run = nextRun(schedule, new Date(span.fromMs));
    while (run !== null && run.getTime() <= span.toMs) {
      runs.push(run.getTime());
      run = nextRun(schedule, run);
    }
    return runs;
  }

  const spans = fc
    .tuple(fc.constantFrom(...changesOfClocks), fc.integer({ min: -110, max: 100 }))
    .map(([[timezone, change], quarters]) => {
      const fromMs = Date.parse(change) + quarters * quarterMs;
      return { timezone, fromMs, toMs: fromMs + 1.5 * dayMs };
    });

  it('a time of day is due once, right after the gap if the clocks skip it', () => {
    fc.assert(
      fc.property(spans, times, (span, time) => {
        const runs = runsWithin(daily(time, span.timezone), span);
        expect(runs).toEqual(dailyWithin({ ...span, time }));
      }),
      { numRuns: 60 },
    );
  });

  it('every half hour is due as often as the clocks show it', () => {
    fc.assert(
      fc.property(spans, (span) => {
        const runs = runsWithin(cron('*/30 * * * *', span.timezone), span);
        expect(runs).toEqual(halfHoursWithin(span));
      }),
      { numRuns: 60 },
    );
  });
});

describe('checkSchedule', () => {
  it('takes every area of the time zone database, and UTC', () => {
    const older = ['US/Pacific', 'Asia/Calcutta', 'Europe/Kiev', 'europe/berlin'];
    for (const zone of [...Intl.supportedValuesOf('timeZone'), ...older, 'UTC', 'Etc/UTC', 'utc']) {
      expect(() => checkSchedule(daily('02:00', zone))).not.toThrow();
    }
  });

  it('refuses every name without an area, though the engine knows it, and suggests what it takes', () => {
    const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
    const names = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
    const known = names.filter((name) => name !== 'UTC' && resolveTimeZone(name) !== null);
    expect(known).toEqual(expect.arrayContaining(['BST', 'CST', 'EST', 'IST']));
    for (const name of known) {
      const suggested = /Did you mean (.*)\?$/.exec(timeZoneProblem(name) ?? '')?.[1];
      const areas = suggested?.split(/, | or /) ?? ['none'];
      for (const area of areas) expect([name, timeZoneProblem(area)]).toEqual([name, null]);
    }
  });

  it('still follows an abbreviation that an earlier release stored', () => {
    const from = new Date('2026-07-01T00:00:00Z');
    expect(nextRun(daily('02:00', 'EST'), from)?.toISOString()).toBe('2026-07-01T07:00:00.000Z');
  });

  it.each<[Schedule, string]>([
    [
      daily('02:00', 'Europe/Berln'),
      'schedule.timezone: there is no time zone "Europe/Berln". Did you mean Europe/Berlin?',
    ],
    [daily('02:00', '+05:30'), 'there is no time zone "+05:30". Give an IANA name'],
    [daily('02:00', ''), 'there is no time zone ""'],
    [daily('02:00', 'IST'), 'Did you mean Asia/Kolkata, Europe/Dublin or Asia/Jerusalem?'],
    [
      daily('02:00', 'bst'),
      '"bst" is not the name of an area, such as Europe/Berlin. Did you mean',
    ],
    [daily('02:00', 'BST'), 'Did you mean Europe/London or Asia/Dhaka?'],
    [daily('02:00', 'CST'), 'America/Chicago, Asia/Shanghai or America/Havana?'],
    [daily('02:00', 'EST'), 'America/New_York, America/Panama or America/Jamaica?'],
    [daily('02:00', 'EST5EDT'), 'Did you mean America/New_York'],
    [daily('02:00', 'MST7MDT'), 'Did you mean America/Denver'],
    [daily('02:00', 'SystemV/PST8'), 'there is no time zone "SystemV/PST8"'],
    [daily('02:00', 'India Standard Time'), 'Did you mean Asia/Kolkata'],
    [daily('02:00', 'Pacific Standard Time'), 'Did you mean America/Los_Angeles'],
    [daily('02:00', 'GMT'), 'Did you mean UTC, Europe/London or Africa/Abidjan?'],
    [daily('02:00', 'Z'), 'Did you mean UTC?'],
    [daily('02:00', 'Zulu'), 'Did you mean UTC?'],
    [daily('02:00', 'Japan'), 'Did you mean Asia/Tokyo?'],
    [daily('02:00', 'GB-Eire'), 'Did you mean Europe/London?'],
    [daily('02:00', 'Etc/GMT+5'), "An offset doesn't change with the clocks of an area."],
    [daily('02:00', 'UTC+5:30'), "An offset doesn't change with the clocks of an area."],
    [daily('02:00', 'constructor'), 'there is no time zone "constructor"'],
    [
      cron('61 * * * *'),
      'schedule: cron "61 * * * *" can\'t be read: Invalid value for minute: 61',
    ],
    [
      cron('0 0 * * * *'),
      'cron "0 0 * * * *" has 6 fields; give 5: minute, hour, day of month, month, weekday',
    ],
    [cron('@daily'), 'cron "@daily" has 1 field; give 5'],
    [cron('0 0 30 2 *'), 'this date never comes'],
  ])('refuses %j', (schedule, message) => {
    expect(() => checkSchedule(schedule)).toThrow(message);
  });

  it('lists all that is wrong, even in a schedule that is off', () => {
    const schedule = { ...cron('nonsense', 'Mars/Crater'), enabled: false };
    expect(() => checkSchedule(schedule)).toThrow(
      /^schedule\.timezone: .*\nschedule: cron "nonsense"/,
    );
  });
});
