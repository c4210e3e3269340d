import { Check, Copy as CopyIcon } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from './button.tsx';
import css from './copy.module.css';

/** A text to be copied. Without a clipboard (plain http) it is selected instead. */
export function Copy({ label, text }: { readonly label: string; readonly text: string }) {
  const shown = useRef<HTMLElement>(null);
  const [done, setDone] = useState(false);
  const copy = async () => {
    if (shown.current !== null) getSelection()?.selectAllChildren(shown.current);
    if (!isSecureContext) return;
    await navigator.clipboard.writeText(text);
    setDone(true);
  };
  return (
    <div className={css['copy']}>
      <span className="sr">{label}: </span>
      <code ref={shown} className={css['text']}>
        {text}
      </code>
      <Button small onClick={() => void copy()}>
        {done ? <Check size={14} aria-hidden /> : <CopyIcon size={14} aria-hidden />}
        {done ? 'Copied' : 'Copy'}
        <span className="sr"> {label}</span>
      </Button>
    </div>
  );
}
