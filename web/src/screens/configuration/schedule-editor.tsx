import { useMemo } from 'react';
import type { Schedule } from '../../api/client.ts';
import { weekdayWords } from '../../draft/line-words.ts';
import { useCore } from '../../draft/use-core.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import { useNow } from '../../ui/time.tsx';
import css from './settings.module.css';
import type { Editing } from './use-editing.ts';

type Frequency = Schedule['frequency'] | 'none';
const frequencies: readonly (readonly [Frequency, string])[] = [
  ['none', 'By hand alone'],
  ['daily', 'Every day'],
  ['weekly', 'Every week'],
  ['monthly', 'Every month'],
  ['cron', 'As a cron line says'],
];
type Weekday = keyof typeof weekdayWords;
const weekdays = Object.entries(weekdayWords) as [Weekday, string][];
const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** When syncs start by themselves, with the next five times. */
export function ScheduleEditor({ editing }: { readonly editing: Editing }) {
  const { schedule } = editing.now;
  const set = (next: Schedule | null) => editing.edit('schedule', next);
  const wrong = [...editing.complaints]
    .filter(([path]) => path.startsWith('schedule'))
    .map(([path, message]) => (path === 'schedule' ? message : `${path.slice(9)}: ${message}`));
  return (
    <section className="card" aria-labelledby="schedule">
      <div className="card-head">
        <h2 id="schedule">Scheduled sync</h2>
      </div>
      <fieldset className={css['body']} disabled={!editing.mayEdit}>
        <legend className="sr">Scheduled sync</legend>
        <div className={css['pairs']}>
          <SelectField
            label="Sync"
            value={schedule?.frequency ?? 'none'}
            options={frequencies}
            onChange={(to) => set(scheduleOf(to, schedule))}
          />
          {schedule !== null && <Timing schedule={schedule} onChange={set} />}
        </div>
        {schedule?.frequency === 'weekly' && <Weekdays schedule={schedule} onChange={set} />}
        {schedule !== null && (
          <label className="choose">
            <input
              type="checkbox"
              checked={schedule.enabled}
              onChange={({ target }) => set({ ...schedule, enabled: target.checked })}
            />
            The schedule is on
          </label>
        )}
        {wrong.length > 0 && (
          <p className={css['bad']} role="alert">
            {wrong.join('\n')}
          </p>
        )}
        {schedule?.enabled === true && wrong.length === 0 && <NextTimes schedule={schedule} />}
      </fieldset>
    </section>
  );
}

interface TimingProps<T extends Schedule = Schedule> {
  readonly schedule: T;
  readonly onChange: (schedule: Schedule) => void;
}

function Timing({ schedule, onChange }: TimingProps) {
  return (
    <>
      {schedule.frequency === 'cron' ? (
        <TextField
          label="Cron line"
          help="Minute, hour, day of month, month, weekday."
          mono
          maxLength={500}
          value={schedule.cron}
          onChange={(cron) => onChange({ ...schedule, cron })}
        />
      ) : (
        <TextField
          label="At"
          type="time"
          value={schedule.time}
          onChange={(time) => onChange({ ...schedule, time })}
        />
      )}
      {schedule.frequency === 'monthly' && (
        <TextField
          label="On the days"
          help="Such as 1, 15, last."
          value={schedule.dates.join(', ')}
          onChange={(text) => onChange({ ...schedule, dates: datesOf(text) })}
        />
      )}
      <TextField
        label="Time zone"
        list="time-zones"
        maxLength={64}
        value={schedule.timezone}
        onChange={(timezone) => onChange({ ...schedule, timezone })}
      />
      <datalist id="time-zones">
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </datalist>
    </>
  );
}

function Weekdays({ schedule, onChange }: TimingProps<Extract<Schedule, { frequency: 'weekly' }>>) {
  return (
    <fieldset className={css['days']}>
      <legend>On</legend>
      {weekdays.map(([day, name]) => (
        <label key={day}>
          <input
            type="checkbox"
            checked={schedule.days.includes(day)}
            onChange={({ target }) =>
              onChange({
                ...schedule,
                days: weekdays.flatMap(([one]) =>
                  (one === day ? target.checked : schedule.days.includes(one)) ? [one] : [],
                ),
              })
            }
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

function NextTimes({ schedule }: { readonly schedule: Schedule }) {
  const core = useCore();
  const now = useNow();
  const times = useMemo(
    () => core?.nextTimes(schedule, new Date(now), 5) ?? [],
    [core, schedule, now],
  );
  const zone = here();
  const isElsewhere = zone !== schedule.timezone;
  return (
    <table className={css['times']}>
      <caption className="sr">The next five syncs</caption>
      <thead>
        <tr>
          <th scope="col">Next syncs, {schedule.timezone}</th>
          {isElsewhere && <th scope="col">For you, {zone}</th>}
        </tr>
      </thead>
      <tbody>
        {times.map((time) => (
          <tr key={time.getTime()}>
            <td>{wallTime(time, schedule.timezone)}</td>
            {isElsewhere && <td className="soft">{wallTime(time, zone)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const wallTime = (time: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(time);

function scheduleOf(frequency: Frequency, before: Schedule | null): Schedule | null {
  const timing = { enabled: before?.enabled ?? true, timezone: before?.timezone ?? zoneForNew() };
  const time = before !== null && before.frequency !== 'cron' ? before.time : '02:00';
  switch (frequency) {
    case 'none':
      return null;
    case 'daily':
      return { ...timing, frequency, time };
    case 'weekly':
      return { ...timing, frequency, time, days: ['mon'] };
    case 'monthly':
      return { ...timing, frequency, time, dates: [1] };
    case 'cron':
      return { ...timing, frequency, cron: '0 2 * * *' };
  }
}

/** A schedule is in an area or in UTC. */
const zoneForNew = (): string => (here().includes('/') ? here() : 'UTC');

type Dates = Extract<Schedule, { frequency: 'monthly' }>['dates'];

/** What is no day stays as it is typed: the check says what is wrong with it. */
const datesOf = (text: string): Dates =>
  text.split(',').map((each) => {
    const date = each.trim();
    return /^\d+$/.test(date) ? Number(date) : date;
  }) as Dates;
