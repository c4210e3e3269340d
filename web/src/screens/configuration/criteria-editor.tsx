import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import type { Condition, Sections } from '../../api/client.ts';
import { groupsQuery } from '../../api/queries/configuration.ts';
import { operatorWords } from '../../draft/line-words.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { AttributeField } from './attribute-field.tsx';
import { CriteriaCount } from './criteria-count.tsx';
import css from './settings.module.css';
import type { Editing } from './use-editing.ts';
import { type Attributes, useAttributes } from './use-people.ts';

const path = 'criteria.users';
type Matching = Exclude<Sections['criteria']['users'], 'all'>;

/** Who is synced: everybody, or the people that match conditions. */
export function CriteriaEditor({ editing }: { readonly editing: Editing }) {
  const attributes = useAttributes(editing);
  const { users } = editing.now.criteria;
  const first: Matching = { conditions: [{ attribute: '', operator: 'equals', value: '' }] };
  return (
    <section className="card" aria-labelledby="criteria">
      <div className="card-head">
        <h2 id="criteria">Sync criteria</h2>
      </div>
      <fieldset className={css['body']} disabled={!editing.mayEdit}>
        <legend className="sr">Sync criteria</legend>
        <Segments
          label="Who is synced"
          value={users === 'all' ? 'all' : 'some'}
          options={[
            ['all', 'Everybody'],
            ['some', 'Those that match'],
          ]}
          onChange={(to) =>
            editing.edit(path, to === 'all' ? 'all' : (matchingBefore(editing) ?? first))
          }
        />
        {users !== 'all' && (
          <Conditions matching={users} editing={editing} attributes={attributes} />
        )}
        <CriteriaCount editing={editing} />
      </fieldset>
    </section>
  );
}

/** The stored conditions, to go back to. */
function matchingBefore({ draft }: Editing): Matching | null {
  const { users } = draft.base.criteria;
  return users === 'all' ? null : users;
}

interface ConditionsProps {
  readonly matching: Matching;
  readonly editing: Editing;
  readonly attributes: Attributes | null;
}

function Conditions({ matching, editing, attributes }: ConditionsProps) {
  const { conditions, pattern = 'all' } = matching;
  const set = (changed: Partial<Matching>) => editing.edit(path, { ...matching, ...changed });
  const joined = pattern === 'all' || pattern === 'any' ? pattern : 'pattern';
  const where = 'criteria.users';
  const asksForGroups = conditions.some((condition) => 'memberOf' in condition);
  const groups = useQuery({
    ...groupsQuery(editing.storeId),
    enabled: asksForGroups && editing.mayEdit,
  });
  return (
    <>
      <datalist id="groups">
        {groups.data?.groups.map(({ id, name }) => (
          <option key={id} value={name}>
            {name}
          </option>
        ))}
      </datalist>
      {conditions.map((condition, at) => (
        <ConditionRow
          // A condition is known by its number: the pattern names it so.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          key={at}
          number={at + 1}
          condition={condition}
          attributes={attributes}
          error={errorsUnder(editing, `${where}.conditions[${at}]`)}
          isOnly={conditions.length === 1}
          onChange={(next) => set({ conditions: conditions.with(at, next) })}
          onRemove={() =>
            set({
              conditions: conditions.toSpliced(at, 1),
              pattern: joined === 'any' ? 'any' : 'all',
            })
          }
        />
      ))}
      <div className={css['acts']}>
        <Button
          onClick={() =>
            set({ conditions: [...conditions, { attribute: '', operator: 'equals', value: '' }] })
          }
        >
          <Plus size={15} aria-hidden />
          Add condition
        </Button>
        {conditions.length > 1 && (
          <Segments
            label="The conditions are joined by"
            value={joined}
            options={[
              ['all', 'AND: all of them'],
              ['any', 'OR: one of them'],
              ['pattern', 'Pattern'],
            ]}
            onChange={(to) =>
              set({
                pattern: to === 'pattern' ? conditions.map((_, at) => at + 1).join(' and ') : to,
              })
            }
          />
        )}
      </div>
      {joined === 'pattern' && (
        <TextField
          label="Pattern"
          help="Such as 1 and (2 or not 3). Each condition must be named."
          mono
          maxLength={10_000}
          value={pattern}
          error={editing.complaints.get(where)}
          onChange={(text) => set({ pattern: text })}
        />
      )}
    </>
  );
}

/** What is wrong with a condition or a part of it. */
function errorsUnder({ complaints }: Editing, where: string): string | undefined {
  const found = [...complaints].filter(([at]) => at === where || at.startsWith(`${where}.`));
  return found.length === 0 ? undefined : found.map(([, message]) => message).join('\n');
}

interface ConditionRowProps {
  readonly number: number;
  readonly condition: Condition;
  readonly attributes: Attributes | null;
  readonly error: string | undefined;
  readonly isOnly: boolean;
  readonly onChange: (condition: Condition) => void;
  readonly onRemove: () => void;
}

const operators = Object.entries(operatorWords) as [keyof typeof operatorWords, string][];
const kinds = [
  ['attribute', 'Attribute'],
  ['custom', 'Custom attribute'],
  ['memberOf', 'Group'],
] as const;
type Kind = (typeof kinds)[number][0];

function ConditionRow(props: ConditionRowProps) {
  const { number, condition, attributes, error, isOnly, onChange, onRemove } = props;
  const kind: Kind =
    'memberOf' in condition ? 'memberOf' : 'custom' in condition ? 'custom' : 'attribute';
  return (
    <div className={css['condition']}>
      <span className={css['number']}>{number}</span>
      <SelectField
        label={`Condition ${number}`}
        value={kind}
        options={kinds}
        onChange={(to) => onChange(emptyOf(to))}
      />
      {'memberOf' in condition ? (
        <TextField
          list="groups"
          label="Is a member of"
          help="Names or ids of groups, with commas between."
          value={[condition.memberOf].flat().join(', ')}
          error={error}
          onChange={(text) => onChange({ memberOf: oneOrSeveral(text) })}
        />
      ) : (
        <>
          <AttributeField
            kind={kind === 'custom' ? 'custom' : 'attribute'}
            label="Name"
            value={'custom' in condition ? condition.custom : condition.attribute}
            attributes={attributes}
            error={error}
            onChange={(name) =>
              onChange(
                'custom' in condition
                  ? { ...condition, custom: name }
                  : { ...condition, attribute: name },
              )
            }
          />
          <SelectField
            label="Compared"
            value={condition.operator}
            options={operators}
            onChange={(operator) => onChange(withOperator(condition, operator))}
          />
          {!isAlone(condition.operator) && (
            <TextField
              label={isList(condition.operator) ? 'Values, with commas between' : 'Value'}
              value={[condition.value ?? ''].flat().join(', ')}
              onChange={(text) =>
                onChange({ ...condition, value: typedValue(condition.operator, text) })
              }
            />
          )}
        </>
      )}
      <span className={css['remove']}>
        <Button
          icon
          look="quiet"
          aria-label={`Remove condition ${number}`}
          disabled={isOnly}
          onClick={onRemove}
        >
          <Trash2 size={16} aria-hidden />
        </Button>
      </span>
    </div>
  );
}

function emptyOf(kind: Kind): Condition {
  if (kind === 'memberOf') return { memberOf: '' };
  return kind === 'custom'
    ? { custom: '', operator: 'equals', value: '' }
    : { attribute: '', operator: 'equals', value: '' };
}

type Comparison = Exclude<Condition, { memberOf: unknown }>;
type Operator = Comparison['operator'];

const isAlone = (operator: Operator): boolean => operator === 'exists' || operator === 'notExists';
const isList = (operator: Operator): boolean => operator === 'in' || operator === 'notIn';

/** The list that a text with commas is; the last entry may still be typed. */
const listOf = (text: string): string[] => text.split(',').map((each) => each.trimStart());

function oneOrSeveral(text: string): string | string[] {
  const names = listOf(text);
  return names.length === 1 ? text : names;
}

const typedValue = (operator: Operator, text: string): string | string[] =>
  isList(operator) ? listOf(text) : text;

function withOperator(condition: Comparison, operator: Operator): Condition {
  const text = [condition.value ?? ''].flat().join(', ');
  const { value: _, ...rest } = condition;
  return isAlone(operator)
    ? { ...rest, operator }
    : { ...rest, operator, value: typedValue(operator, text) };
}
