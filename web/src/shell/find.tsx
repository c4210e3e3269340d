import { Search } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import css from './find.module.css';
import { loadFile } from './reload.ts';
import { useKeys } from './use-keys.ts';

const Palette = lazy(async () => ({
  default: (await loadFile(() => import('./palette.tsx'))).Palette,
}));
const KeyList = lazy(async () => ({
  default: (await loadFile(() => import('./key-list.tsx'))).KeyList,
}));

/** The search at the top of every screen, and the keys that act everywhere. */
export function Find() {
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
  const onFind = useCallback(() => setOpen('palette'), []);
  const onHelp = useCallback(() => setOpen('keys'), []);
  const onClose = () => setOpen(null);
  useKeys({ onFind, onHelp });
  const isApple = navigator.userAgent.includes('Mac');
  return (
    <>
      <button type="button" className={css['find']} onClick={onFind}>
        <Search size={16} aria-hidden />
        <span className={css['words']}>Find a person, run or store</span>
        <kbd>{isApple ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <Suspense fallback={null}>
        {open === 'palette' && <Palette onClose={onClose} />}
        {open === 'keys' && <KeyList onClose={onClose} />}
      </Suspense>
    </>
  );
}
