import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import css from './segments.module.css';

/** One choice of a few, all in sight. */
export function Segments<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, label: string])[];
  readonly onChange: (value: T) => void;
}) {
  return (
    <ToggleGroup
      className={css['segments']}
      aria-label={label}
      value={[value]}
      onValueChange={([to]) => {
        const chosen = options.find(([one]) => one === to);
        if (chosen !== undefined) onChange(chosen[0]);
      }}
    >
      {options.map(([one, words]) => (
        <Toggle key={one} value={one} className={css['segment']}>
          {words}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
