import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import css from './toast.module.css';

/** How long a notice stays, unless it has the focus or the pointer. */
const shownMs = 10_000;

/** Shows short notices, one with a button to take back what was done, over every screen. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider timeout={shownMs} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={css['viewport']}>
          <Shown />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Shown() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={css['toast']}>
      <Toast.Content className={css['content']}>
        <Toast.Title className={css['title']} dir="auto" />
        {toast.actionProps !== undefined && <Toast.Action render={<Button small />} />}
        <Toast.Close aria-label="Close" render={<Button small look="quiet" icon />}>
          <X size={16} aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

/** Adds a notice; `undo` takes back what it tells of. */
export function useToast(): (title: string, undo?: () => void) => void {
  const manager = Toast.useToastManager();
  return (title, undo) => {
    const id = manager.add({
      title,
      ...(undo !== undefined && {
        actionProps: {
          children: 'Undo',
          onClick: () => {
            manager.close(id);
            undo();
          },
        },
      }),
    });
  };
}
