import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import css from './dialog.module.css';
import { Failure } from './notice.tsx';

interface FormDialogProps {
  readonly title: string;
  readonly text?: ReactNode;
  readonly children: ReactNode;
  /** What the button does, as a verb: it never has the first focus. */
  readonly action: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
}

/** A dialog with a small form; what was typed stays while something is wrong with it. */
export function FormDialog(props: FormDialogProps) {
  const { title, text, children, action, danger = false, disabled = false } = props;
  const { busy, error, onSubmit, onClose } = props;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">{title}</Dialog.Title>
          {text !== undefined && <div className="dialog-text">{text}</div>}
          <form
            className={css['form']}
            onSubmit={(event) => {
              event.preventDefault();
              if (!disabled && !busy) onSubmit();
            }}
          >
            {children}
            {error !== null && <Failure error={error} />}
            <div className="dialog-acts">
              <Dialog.Close render={<Button>Cancel</Button>} />
              <Button
                type="submit"
                look={danger ? 'danger' : 'primary'}
                disabled={disabled || busy}
              >
                {action}
              </Button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface ChoicesProps<T extends string> {
  readonly legend: string;
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    readonly hint?: string;
  }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** A few ways to do something, each with what it means. */
export function Choices<T extends string>({ legend, options, value, onChange }: ChoicesProps<T>) {
  return (
    <fieldset className={css['choices']}>
      <legend className="sr">{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={css['choice']}>
          <input
            type="radio"
            name={legend}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.label}
            {option.hint !== undefined && <span className={css['hint']}>{option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
