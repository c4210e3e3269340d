import { Plus } from 'lucide-react';
import { useState } from 'react';
import { mappingPrefix } from '../../draft/lines.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import css from './mapping.module.css';
import type { Editing } from './use-editing.ts';

/** Adds a field of one's own, `custom.NAME`. */
export function AddField({
  editing,
  onAdded,
}: {
  readonly editing: Editing;
  readonly onAdded: (field: string) => void;
}) {
  const [name, setName] = useState('');
  const field = `custom.${name.trim()}`;
  const isThere = Object.hasOwn(editing.now.mapping, field);
  const add = () => {
    editing.edit(mappingPrefix + field, { custom: name.trim() });
    setName('');
    onAdded(field);
  };
  return (
    <form
      className={css['add']}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '' && !isThere) add();
      }}
    >
      <TextField
        label="A field of your own"
        placeholder="shirtSize"
        maxLength={64}
        value={name}
        error={isThere ? 'There is such a field already.' : undefined}
        onChange={setName}
      />
      <Button type="submit" disabled={!editing.mayEdit || name.trim() === '' || isThere}>
        <Plus size={15} aria-hidden />
        Add field
      </Button>
    </form>
  );
}
