import type { RunRecord } from '../api/client.ts';
import { fieldName } from '../words.ts';

/** The words for the record's action say these. */
const toldByAction = ['status', 'inactiveCause'];

/** The fields that a record changes, from what to what. */
export function Changes({ changes }: { readonly changes: RunRecord['changes'] }) {
  const shown = changes.filter(({ field }) => !toldByAction.includes(field));
  if (shown.length === 0) return null;
  return (
    <dl className="changes">
      {shown.map(({ field, from, to }) => (
        <div key={field}>
          <dt>{fieldName(field)}</dt>
          <dd dir="auto">
            {from !== null && (
              <>
                <span className="sr">from </span>
                <del>{from}</del> →{' '}
              </>
            )}
            <span className="sr">to </span>
            <ins>{to ?? 'blank'}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
