import { lazy, Suspense } from 'react';
import type { MappingRule } from '../../api/client.ts';
import { isSame } from '../../draft/lines.ts';
import { loadFile } from '../../shell/reload.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { fieldName } from '../../words.ts';
import { AttributeField } from './attribute-field.tsx';
import css from './mapping.module.css';
import { kindNames, kindOf, optionsOf, ruleKinds, ruleOf, textOf, withOptions } from './rule.ts';
import type { Attributes, People } from './use-people.ts';

const CodeEditor = lazy(async () => ({
  default: (await loadFile(() => import('../../ui/code-editor.tsx'))).CodeEditor,
}));

interface RuleEditorProps {
  readonly field: string;
  readonly rule: MappingRule | null;
  readonly stored: MappingRule | null;
  readonly error: string | undefined;
  readonly attributes: Attributes | null;
  readonly people: People;
  readonly onChange: (rule: MappingRule | null) => void;
  readonly onDone: () => void;
}

/** Where one field comes from, and what that gives for the first people. */
export function RuleEditor(props: RuleEditorProps) {
  const { field, stored, error, attributes, people, onChange, onDone } = props;
  const rule = props.rule ?? { attribute: '' };
  const kind = kindOf(rule);
  const name = fieldName(field);
  const set = (text: string) => onChange(ruleOf(kind, text, optionsOf(rule)));
  return (
    <div className={css['editor']}>
      <div className={css['main']}>
        <Segments
          label="Comes from"
          value={kind}
          options={kindNames.map((one) => [one, ruleKinds[one].label] as const)}
          onChange={(to) => onChange(ruleOf(to, textFor(to, rule), optionsOf(rule)))}
        />
        {kind === 'value' && (
          <TextField
            label="Hard-coded value"
            help={ruleKinds.value.help}
            value={textOf(rule)}
            error={error}
            onChange={set}
          />
        )}
        {(kind === 'attribute' || kind === 'custom') && (
          <AttributeField
            kind={kind}
            help={ruleKinds[kind].help}
            value={textOf(rule)}
            attributes={attributes}
            error={error}
            onChange={set}
          />
        )}
        {kind === 'expression' && (
          <>
            <p className="soft">{ruleKinds.expression.help}</p>
            <Suspense fallback={<div className="skeleton" />}>
              <CodeEditor
                label={`Expression for ${name}`}
                language="jsonata"
                value={textOf(rule)}
                names={attributes?.attributes ?? []}
                error={error ?? null}
                onChange={set}
              />
            </Suspense>
          </>
        )}
        <Options rule={rule} isAddress={field === 'email'} onChange={onChange} />
        <div className={css['acts']}>
          <Button small look="primary" onClick={onDone}>
            OK
          </Button>
          <Button
            small
            look="quiet"
            disabled={isSame(props.rule, stored)}
            onClick={() => onChange(stored)}
          >
            Reset
          </Button>
          {field !== 'email' && (
            <Button
              small
              look="quiet"
              disabled={props.rule === null}
              onClick={() => onChange(null)}
            >
              Don’t map it
            </Button>
          )}
        </div>
      </div>
      <Samples field={field} people={people} />
    </div>
  );
}

/** What stands in another kind's place at first: an expression begins with the attribute that was read. */
const textFor = (kind: string, rule: MappingRule): string =>
  kind === 'expression' && 'attribute' in rule ? rule.attribute : '';

const transformWords = [
  ['trim', 'no spaces around'],
  ['collapseSpaces', 'no double spaces'],
  ['lowercase', 'lower case'],
  ['uppercase', 'upper case'],
  ['titlecase', 'Capitals First'],
  ['digits', 'digits alone'],
  ['nfc', 'composed accents'],
] as const;

function Options({
  rule,
  isAddress,
  onChange,
}: {
  readonly rule: MappingRule;
  readonly isAddress: boolean;
  readonly onChange: (rule: MappingRule) => void;
}) {
  const transform = rule.transform ?? [];
  const isOnce = rule.apply === 'on-create';
  return (
    <div className={css['options']}>
      {!isAddress && kindOf(rule) !== 'value' && (
        <TextField
          label="If there is nothing"
          placeholder="leave blank"
          maxLength={4096}
          value={rule.default ?? ''}
          onChange={(text) => onChange(withOptions(rule, { default: text }))}
        />
      )}
      {!isAddress && (
        <fieldset className={css['choices']}>
          <legend>Set it</legend>
          {([false, true] as const).map((once) => (
            <label key={String(once)}>
              <input
                type="radio"
                name="apply"
                checked={isOnce === once}
                onChange={() =>
                  onChange(withOptions(rule, { apply: once ? 'on-create' : 'always' }))
                }
              />
              {once ? 'once, when created' : 'at each sync'}
            </label>
          ))}
        </fieldset>
      )}
      <fieldset className={`${css['choices']} ${css['wide']}`}>
        <legend>Make it</legend>
        {transformWords.map(([one, words]) => (
          <label key={one}>
            <input
              type="checkbox"
              checked={transform.includes(one)}
              onChange={({ target }) =>
                onChange(
                  withOptions(rule, {
                    transform: target.checked
                      ? [...transform, one]
                      : transform.filter((each) => each !== one),
                  }),
                )
              }
            />
            {words}
          </label>
        ))}
      </fieldset>
    </div>
  );
}

function Samples({ field, people }: { readonly field: string; readonly people: People }) {
  const fieldOf = (user: People['users'][number], of: string) =>
    user.fields.find((one) => one.field === of);
  return (
    <div className={css['samples']}>
      <h4>
        {fieldName(field)} of the first {people.users.length}
      </h4>
      <ul>
        {people.users.map((user) => {
          const seen = fieldOf(user, field);
          return (
            <li key={user.externalId}>
              <span className="soft" dir="auto">
                {fieldOf(user, 'email')?.value?.split('@')[0] ?? user.externalId}
              </span>
              <span dir="auto">
                {seen?.problem ?? seen?.value ?? <em className="soft">blank</em>}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
