import { Dialog } from '@base-ui/react/dialog';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';

const word = 'save';

/** Asks before a change is saved that nobody has seen the consequences of. */
export function SaveUnseen({
  busy,
  onSave,
  onClose,
}: {
  readonly busy: boolean;
  readonly onSave: () => void;
  readonly onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">Save without a preview?</Dialog.Title>
          <div className="dialog-text">
            <p>
              Nobody has seen whom this touches. The next sync applies it; the safeguards still hold
              what is over their limits.
            </p>
            <TextField label={`To go on, type ${word}`} value={typed} onChange={setTyped} />
          </div>
          <div className="dialog-acts">
            <Dialog.Close render={<Button>Cancel</Button>} />
            <Button
              look="danger"
              disabled={typed.trim().toLowerCase() !== word || busy}
              onClick={onSave}
            >
              Save without preview
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
