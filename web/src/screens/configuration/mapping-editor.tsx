import { ChevronDown, Lock, Pencil, Search, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { MappingRule } from '../../api/client.ts';
import { mappingPrefix } from '../../draft/lines.ts';
import { Button } from '../../ui/button.tsx';
import { fieldName } from '../../words.ts';
import { AddField } from './add-field.tsx';
import css from './mapping.module.css';
import { PersonCard } from './person-card.tsx';
import { kindOf, ruleKinds, textOf } from './rule.ts';
import { RuleEditor } from './rule-editor.tsx';
import type { Editing } from './use-editing.ts';
import { type Attributes, type People, useAttributes, usePeople } from './use-people.ts';

const groups: readonly (readonly [string, readonly string[]])[] = [
  ['Identity', ['email', 'firstName', 'lastName', 'displayName', 'secondaryEmail', 'employeeId']],
  [
    'Work',
    ['jobTitle', 'department', 'location', 'company', 'costCenter', 'employeeType', 'manager'],
  ],
  ['Contact', ['phone', 'mobile', 'street', 'city', 'state', 'postalCode', 'country']],
];

/** Where each field of a member comes from, edited in place, beside what real people would have. */
export function MappingEditor({ editing }: { readonly editing: Editing }) {
  const [open, setOpen] = useState<string | null>(null);
  const [wanted, setWanted] = useState('');
  const [person, setPerson] = useState(0);
  const people = usePeople(editing);
  const attributes = useAttributes(editing);
  const at = people.users.length === 0 ? 0 : person % people.users.length;
  const own = Object.keys(editing.now.mapping).filter((field) => field.startsWith('custom.'));
  const isWanted = (field: string) =>
    `${fieldName(field)} ${field}`.toLowerCase().includes(wanted.trim().toLowerCase());
  return (
    <div className={css['layout']}>
      <section className={`card ${css['map']}`} aria-labelledby="fields">
        <div className="card-head wrap">
          <div>
            <h2 id="fields">Where each field comes from</h2>
            <p className="soft">
              JumpCloud’s usual attributes are filled in. Change what differs in your organization.
            </p>
          </div>
          <label className="field-find">
            <Search size={15} aria-hidden />
            <span className="sr">Find a field</span>
            <input
              type="search"
              placeholder="Find a field"
              value={wanted}
              onChange={(event) => setWanted(event.target.value)}
            />
          </label>
        </div>
        <div className={css['head']} aria-hidden>
          <span>Member field</span>
          <span>Comes from</span>
          <span>{nameOf(people, at) ?? 'The first person'} would have</span>
        </div>
        {[...groups, ['Fields of your own', own] as const].map(([group, fields]) => {
          const shown = fields.filter(isWanted);
          if (shown.length === 0) return null;
          return (
            <div key={group}>
              <h3 className={css['group']}>{group}</h3>
              <ul aria-label={group}>
                {shown.map((field) => (
                  <Row
                    key={field}
                    field={field}
                    editing={editing}
                    people={people}
                    person={at}
                    attributes={attributes}
                    isOpen={open === field}
                    onOpen={(isOpen) => setOpen(isOpen ? field : null)}
                  />
                ))}
              </ul>
            </div>
          );
        })}
        <AddField editing={editing} onAdded={setOpen} />
      </section>
      <PersonCard
        people={people}
        at={at}
        changed={editing.draft.edits}
        onMove={(by) => setPerson(at + by + people.users.length)}
      />
    </div>
  );
}

interface RowProps {
  readonly field: string;
  readonly editing: Editing;
  readonly people: People;
  readonly person: number;
  readonly attributes: Attributes | null;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

const required = ['email', 'firstName', 'lastName'];

function Row({ field, editing, people, person, attributes, isOpen, onOpen }: RowProps) {
  const path = mappingPrefix + field;
  const rule = editing.now.mapping[field] ?? null;
  const error = editing.complaints.get(path);
  const name = fieldName(field);
  const isChanged = editing.draft.edits.has(path);
  return (
    <li
      className={css['item']}
      data-open={isOpen || undefined}
      data-changed={isChanged || undefined}
    >
      <div className={css['row']}>
        <span className={css['field']} dir="auto">
          {name}
          {required.includes(field) && (
            <>
              <Lock size={12} aria-hidden className="soft" />
              <span className="sr">, needed</span>
            </>
          )}
          {isChanged && <span className="sr">, changed</span>}
        </span>
        <span className={css['source']}>
          <Source rule={rule} attributes={attributes} />
        </span>
        <span className={css['value']}>
          <Value field={field} error={error} people={people} person={person} />
        </span>
        <span className={css['edit']}>
          <Button
            small
            look="quiet"
            aria-expanded={isOpen}
            aria-label={`${isOpen ? 'Close' : 'Edit'} ${name}`}
            disabled={!editing.mayEdit}
            onClick={() => onOpen(!isOpen)}
          >
            {isOpen ? <ChevronDown size={15} aria-hidden /> : <Pencil size={14} aria-hidden />}
            <span>{isOpen ? 'Close' : 'Edit'}</span>
          </Button>
        </span>
      </div>
      {isOpen && (
        <RuleEditor
          field={field}
          rule={rule}
          stored={editing.draft.base.mapping[field] ?? null}
          error={error}
          attributes={attributes}
          people={people}
          onChange={(next) => editing.edit(path, next)}
          onDone={() => onOpen(false)}
        />
      )}
    </li>
  );
}

function Value({
  field,
  error,
  people,
  person,
}: Pick<RowProps, 'field' | 'people' | 'person'> & { readonly error: string | undefined }) {
  const seen = people.users[person]?.fields.find((one) => one.field === field);
  const problem = error ?? seen?.problem ?? null;
  if (problem !== null) {
    return (
      <span className={css['bad']}>
        <TriangleAlert size={14} aria-hidden />
        {problem}
      </span>
    );
  }
  if (seen?.value == null) return <span className="soft">blank</span>;
  return <span dir="auto">{seen.value}</span>;
}

function Source({
  rule,
  attributes,
}: {
  readonly rule: MappingRule | null;
  readonly attributes: Attributes | null;
}) {
  if (rule === null) return <span className="soft">not mapped</span>;
  const kind = kindOf(rule);
  const Icon = ruleKinds[kind].icon;
  const share = shareOf(rule, attributes);
  return (
    <span className={css['from']}>
      <Icon size={14} aria-hidden />
      <span className="sr">{ruleKinds[kind].label}</span>
      <span className={kind === 'value' ? css['quoted'] : `mono ${css['quoted']}`} dir="auto">
        {kind === 'value' ? `“${textOf(rule)}”` : textOf(rule)}
      </span>
      {rule.default !== undefined && <span className={css['mini']}>else “{rule.default}”</span>}
      {share !== null && share < 100 && <span className={css['mini']}>{share} % have it</span>}
    </span>
  );
}

/** How many of the first people have what a rule reads, in percent; null where that is not known. */
function shareOf(rule: MappingRule, attributes: Attributes | null): number | null {
  const kind = kindOf(rule);
  if (attributes === null || attributes.users === 0) return null;
  if (kind !== 'attribute' && kind !== 'custom') return null;
  const found = attributes.attributes.find(
    (one) => one.kind === kind && one.name.toLowerCase() === textOf(rule).toLowerCase(),
  );
  return Math.floor(((found?.users ?? 0) / attributes.users) * 100);
}

function nameOf({ users }: People, at: number): string | null {
  const fields = users[at]?.fields;
  const fieldOf = (field: string) => fields?.find((one) => one.field === field)?.value ?? null;
  return fieldOf('displayName') ?? fieldOf('email');
}
