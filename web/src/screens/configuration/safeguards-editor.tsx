import { TextField } from '../../ui/field.tsx';
import css from './settings.module.css';
import type { Editing } from './use-editing.ts';

const kinds = [
  ['removals', 'Members that are removed'],
  ['emailChanges', 'Members whose address changes'],
  ['blanks', 'Members that lose the value of a field'],
] as const;

/** How much a sync may change before it asks a person; folded, for it seldom changes. */
export function SafeguardsEditor({
  editing,
  isOpen = false,
}: {
  readonly editing: Editing;
  readonly isOpen?: boolean;
}) {
  const { safeguards } = editing.now;
  const errorOf = (key: string) => editing.complaints.get(`safeguards.${key}`);
  return (
    <details className={`card ${css['fold']}`} open={isOpen}>
      <summary>Safeguards</summary>
      <fieldset className={css['body']} disabled={!editing.mayEdit}>
        <legend className="sr">Safeguards</legend>
        <p className="soft">
          A sync that would change more than this waits for a person: the greater one of a share of
          the active members and a number counts.
        </p>
        <div className={css['limits']}>
          {kinds.map(([key, label]) => (
            <fieldset key={key} className={css['limit']}>
              <legend>{label}</legend>
              <TextField
                label="Percent"
                inputMode="decimal"
                value={safeguards[key].percent}
                error={errorOf(`${key}.percent`)}
                onChange={(text) =>
                  editing.edit(`safeguards.${key}`, { ...safeguards[key], percent: numberOf(text) })
                }
              />
              <TextField
                label="Or this many"
                inputMode="numeric"
                value={safeguards[key].floor}
                error={errorOf(`${key}.floor`)}
                onChange={(text) =>
                  editing.edit(`safeguards.${key}`, { ...safeguards[key], floor: numberOf(text) })
                }
              />
            </fieldset>
          ))}
          <fieldset className={css['limit']}>
            <legend>People who are no longer listed</legend>
            <TextField
              label="Seen missing, times"
              inputMode="numeric"
              value={safeguards.absence.confirmations}
              error={errorOf('absence.confirmations')}
              onChange={(text) =>
                editing.edit('safeguards.absence', {
                  ...safeguards.absence,
                  confirmations: numberOf(text),
                })
              }
            />
            <TextField
              label="Over at least"
              help="Such as 0h, 36h, 7d."
              maxLength={32}
              value={safeguards.absence.over}
              error={errorOf('absence.over')}
              onChange={(over) =>
                editing.edit('safeguards.absence', { ...safeguards.absence, over })
              }
            />
          </fieldset>
          <TextField
            label="Counted over"
            help="Changes of all syncs within this time count together, such as 24h."
            maxLength={32}
            value={safeguards.window}
            error={errorOf('window')}
            onChange={(window) => editing.edit('safeguards.window', window)}
          />
        </div>
      </fieldset>
    </details>
  );
}

/** What is no number stays as it is typed: the check says what is wrong with it. */
function numberOf(text: string): number | string {
  return text.trim() !== '' && Number.isFinite(Number(text)) && !text.endsWith('.')
    ? Number(text)
    : text;
}
