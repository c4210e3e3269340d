import css from './day-filter.module.css';

interface DayFilterProps {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly onChange: (key: 'from' | 'to', day: string) => void;
}

/** The first and the last day of what is shown; a blank one leaves that end open. */
export function DayFilter({ from = '', to = '', onChange }: DayFilterProps) {
  return (
    <div className={css['days']}>
      {(
        [
          ['from', 'From', from],
          ['to', 'To', to],
        ] as const
      ).map(([key, label, day]) => (
        <label key={key}>
          {label}
          <input
            type="date"
            className="input"
            value={day}
            onChange={({ target: { value } }) => onChange(key, value)}
          />
        </label>
      ))}
    </div>
  );
}
