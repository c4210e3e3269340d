import { useRef, useState } from 'react';
import { Button } from './button.tsx';
import css from './copy-field.module.css';
import { TextField } from './field.tsx';

/** A text to copy. Where there is no clipboard, as on plain http, it is selected instead. */
export function CopyField({ label, value }: { readonly label: string; readonly value: string }) {
  const row = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState('');
  const copy = async () => {
    const input = row.current?.querySelector('input');
    input?.focus();
    input?.select();
    try {
      await navigator.clipboard.writeText(value);
      setSaid('Copied');
    } catch {
      setSaid('Selected: press Ctrl C or ⌘C');
    }
  };
  return (
    <div ref={row} className={css['row']}>
      <TextField label={label} mono readOnly value={value} />
      <Button onClick={() => void copy()}>
        Copy<span className="sr"> {label}</span>
      </Button>
      <output className={css['said']}>{said}</output>
    </div>
  );
}
