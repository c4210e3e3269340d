import { SelectField } from '../../ui/field.tsx';
import css from './settings.module.css';
import type { Editing } from './use-editing.ts';

const removals = [
  ['deactivate', 'becomes inactive'],
  ['delete', 'is deleted'],
] as const;

/** What happens to a member when its person is suspended, deleted, staged or out of scope, as sentences. */
export function StatusEditor({ editing }: { readonly editing: Editing }) {
  const { mode, deactivated, deleted, outOfScope, staged } = editing.now.settings.statusSync;
  const set = (key: string) => (value: string) => editing.edit(`settings.statusSync.${key}`, value);
  return (
    <section className="card" aria-labelledby="status-sync">
      <div className="card-head">
        <h2 id="status-sync">Status sync</h2>
      </div>
      <fieldset className={css['body']} disabled={!editing.mayEdit}>
        <legend className="sr">Status sync</legend>
        <SelectField
          label="The status of a member"
          value={mode}
          options={[
            ['reflect', 'follows the directory'],
            ['ignore', 'stays as it is, whatever the directory says'],
          ]}
          onChange={set('mode')}
        />
        {mode === 'reflect' && (
          <div className={css['pairs']}>
            <SelectField
              label="When a person is suspended, the member"
              value={deactivated}
              options={removals}
              onChange={set('deactivated')}
            />
            <SelectField
              label="When a person is deleted, the member"
              value={deleted}
              options={removals}
              onChange={set('deleted')}
            />
            <SelectField
              label="When a person no longer matches the criteria, the member"
              value={outOfScope}
              options={[
                ['deactivate', 'becomes inactive'],
                ['keep', 'stays as it is'],
              ]}
              onChange={set('outOfScope')}
            />
            <SelectField
              label="A person who is staged"
              value={staged}
              options={[
                ['skip', 'is no member yet'],
                ['inactive', 'is an inactive member'],
              ]}
              onChange={set('staged')}
            />
          </div>
        )}
      </fieldset>
    </section>
  );
}
