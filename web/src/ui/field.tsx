import { Field as BaseField } from '@base-ui/react/field';
import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes } from 'react';
import css from './field.module.css';

interface About {
  readonly label: string;
  readonly help?: ReactNode;
  /** Why the value can't be used. */
  readonly error?: string | undefined;
}

/** A control with its name, what helps to fill it in, and what is wrong with it. */
function Field({ label, help, error, children }: About & { readonly children: ReactNode }) {
  return (
    <BaseField.Root invalid={error !== undefined} className={css['field']}>
      <BaseField.Label className={css['label']}>{label}</BaseField.Label>
      {children}
      {help !== undefined && (
        <BaseField.Description className={css['help']}>{help}</BaseField.Description>
      )}
      <BaseField.Error match={error !== undefined} className={css['error']}>
        {error}
      </BaseField.Error>
    </BaseField.Root>
  );
}

type TextFieldProps = About &
  Pick<
    InputHTMLAttributes<HTMLInputElement>,
    | 'type'
    | 'placeholder'
    | 'inputMode'
    | 'maxLength'
    | 'list'
    | 'min'
    | 'max'
    | 'readOnly'
    | 'onFocus'
  > & {
    readonly value: string | number;
    readonly mono?: boolean;
    readonly onChange?: (value: string) => void;
  };

/** A field for one line of text. No browser fills it in: what it asks for is no form of a person's own. */
export function TextField({ label, help, error, mono = false, onChange, ...rest }: TextFieldProps) {
  return (
    <Field label={label} error={error} {...(help !== undefined && { help })}>
      <BaseField.Control
        {...rest}
        autoComplete="off"
        spellCheck={false}
        className={mono ? 'input mono' : 'input'}
        onChange={(event) => onChange?.(event.target.value)}
      />
    </Field>
  );
}

type SelectFieldProps<T extends string> = About &
  Pick<SelectHTMLAttributes<HTMLSelectElement>, 'disabled'> & {
    readonly value: T;
    readonly options: readonly (readonly [value: T, label: string])[];
    readonly onChange: (value: T) => void;
  };

/** A choice of one among a few. */
export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const { label, help, error, value, options, disabled, onChange } = props;
  return (
    <Field label={label} error={error} {...(help !== undefined && { help })}>
      <BaseField.Control
        render={
          <select
            className="input"
            value={value}
            disabled={disabled}
            onChange={({ target }) => {
              const chosen = options.find(([one]) => one === target.value);
              if (chosen !== undefined) onChange(chosen[0]);
            }}
          >
            {options.map(([one, words]) => (
              <option key={one} value={one}>
                {words}
              </option>
            ))}
          </select>
        }
      />
    </Field>
  );
}
