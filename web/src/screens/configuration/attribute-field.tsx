import { Combobox } from '@base-ui/react/combobox';
import { Field } from '@base-ui/react/field';
import { ChevronDown } from 'lucide-react';
import css from './attribute-field.module.css';
import type { Attributes } from './use-people.ts';

interface AttributeFieldProps {
  readonly kind: 'attribute' | 'custom';
  readonly value: string;
  readonly attributes: Attributes | null;
  readonly error?: string | undefined;
  readonly label?: string;
  readonly help?: string;
  readonly onChange: (name: string) => void;
}

/** The name of an attribute: one that the first people have, or any other one that is typed. */
export function AttributeField(props: AttributeFieldProps) {
  const { kind, value, attributes, error, help, onChange } = props;
  const label =
    props.label ?? (kind === 'custom' ? 'Custom JumpCloud attribute' : 'JumpCloud attribute');
  const seen = attributes?.attributes.filter((one) => one.kind === kind) ?? [];
  const byName = new Map(seen.map((one) => [one.name, one]));
  return (
    <Field.Root invalid={error !== undefined} className={css['field']}>
      <Field.Label className={css['label']}>{label}</Field.Label>
      <Combobox.Root
        items={[...byName.keys()]}
        value={byName.has(value) ? value : null}
        inputValue={value}
        onInputValueChange={(text, { reason }) => {
          if (reason !== 'input-clear') onChange(text);
        }}
      >
        <Combobox.InputGroup className={css['group']}>
          <Combobox.Input className="input mono" spellCheck={false} maxLength={1024} />
          <Combobox.Trigger className={css['open']} aria-label="Show all attributes">
            <ChevronDown size={16} aria-hidden />
          </Combobox.Trigger>
        </Combobox.InputGroup>
        <Combobox.Portal>
          <Combobox.Positioner sideOffset={4} className={css['over']}>
            <Combobox.Popup className={`menu ${css['list']}`}>
              <Combobox.List aria-label={label}>
                {(name: string) => {
                  const one = byName.get(name);
                  const share = one === undefined ? 0 : one.users / (attributes?.users ?? 1);
                  return (
                    <Combobox.Item key={name} value={name} className="menu-item">
                      <span className="mono">{name}</span>
                      <span className={css['example']} dir="auto">
                        {one?.examples[0]}
                      </span>
                      <span className="soft">{Math.floor(share * 100)} %</span>
                    </Combobox.Item>
                  );
                }}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
      {help !== undefined && <Field.Description className={css['help']}>{help}</Field.Description>}
      <Field.Error match={error !== undefined} className={css['error']}>
        {error}
      </Field.Error>
    </Field.Root>
  );
}
