interface ChipsProps<T extends string> {
  readonly label: string;
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    readonly count?: number;
  }[];
  readonly chosen: readonly T[];
  readonly onChange: (chosen: T[]) => void;
}

/** Filters that can be on together; none means all. */
export function Chips<T extends string>({ label, options, chosen, onChange }: ChipsProps<T>) {
  return (
    <fieldset className="chips">
      <legend className="sr">{label}</legend>
      {options.map((option) => {
        const isOn = chosen.includes(option.value);
        const next = isOn
          ? chosen.filter((one) => one !== option.value)
          : [...chosen, option.value];
        return (
          <button
            key={option.value}
            type="button"
            className="chip"
            aria-pressed={isOn}
            onClick={() => onChange(next)}
          >
            {option.label}
            {option.count !== undefined && <span className="n">{option.count}</span>}
          </button>
        );
      })}
    </fieldset>
  );
}
