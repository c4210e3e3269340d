import { Dialog } from '@base-ui/react/dialog';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';

/** Over this many people the number is typed before a decision is sent. */
const carefulFrom = 50;

interface ConfirmProps {
  readonly title: string;
  readonly children: ReactNode;
  /** The verb and the number: `Deactivate 486`. */
  readonly action: string;
  readonly danger?: boolean;
  /** How many people it is about. */
  readonly count: number;
  readonly busy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that touches several people; the first focus is on Cancel. */
export function Confirm(props: ConfirmProps) {
  const { title, children, action, danger = false, count, busy, onConfirm, onClose } = props;
  const [typed, setTyped] = useState('');
  const isCareful = count > carefulFrom;
  const isMeant = !isCareful || typed.replaceAll(/\D/g, '') === String(count);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">{title}</Dialog.Title>
          <div className="dialog-text">{children}</div>
          {isCareful && (
            <label className="label">
              To go on, type {count}
              <input
                className="input"
                inputMode="numeric"
                autoComplete="off"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </label>
          )}
          <div className="dialog-acts">
            <Dialog.Close render={<Button>Cancel</Button>} />
            <Button
              look={danger ? 'danger' : 'primary'}
              disabled={!isMeant || busy}
              onClick={onConfirm}
            >
              {action}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
