import { Dialog } from '@base-ui/react/dialog';
import { Button } from '../ui/button.tsx';
import css from './key-list.module.css';
import { shortcuts, useSingleKeys } from './use-keys.ts';

/** The keys that act on every screen, and the switch that turns single keys off. */
export function KeyList({ onClose }: { readonly onClose: () => void }) {
  const [isOn, setOn] = useSingleKeys();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">Keyboard</Dialog.Title>
          <dl className={css['keys']}>
            {shortcuts.map(({ keys, does }) => (
              <div key={keys}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
          <label className={css['switch']}>
            <input
              type="checkbox"
              checked={isOn}
              onChange={(event) => setOn(event.target.checked)}
            />
            Single keys act
          </label>
          <div className="dialog-acts">
            <Dialog.Close render={<Button>Close</Button>} />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
