import type { Revision } from '../../api/queries/revisions.ts';
import { settingName } from '../../words.ts';
import css from './history.module.css';

/** Changed settings, from what to what, as a store file writes them. */
export function SettingChanges({
  changes,
}: {
  readonly changes: NonNullable<Revision['changes']>;
}) {
  if (changes.length === 0) return <p className="soft">Nothing differs.</p>;
  return (
    <dl>
      {changes.map(({ path, from, to }) => (
        <div key={path} className={css['change']}>
          <dt>{settingName(path)}</dt>
          <dd dir="auto" className="mono">
            <span className="sr">from </span>
            <del>{from ?? 'none'}</del> → <span className="sr">to </span>
            <ins>{to ?? 'none'}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
