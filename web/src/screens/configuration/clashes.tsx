import { useQuery } from '@tanstack/react-query';
import { revisionQuery } from '../../api/queries/configuration.ts';
import type { Draft } from '../../draft/draft.ts';
import { changeDraft } from '../../draft/draft-store.ts';
import { lineName, lineText } from '../../draft/line-words.ts';
import { Actor } from '../../ui/actor.tsx';
import { Button } from '../../ui/button.tsx';
import { Time } from '../../ui/time.tsx';
import css from './clashes.module.css';

/** What others saved meanwhile, beside the draft: what both changed is chosen line by line. */
export function Clashes({ storeId, draft }: { readonly storeId: string; readonly draft: Draft }) {
  const isChanged = draft.theirs.length > 0;
  const { data } = useQuery({
    ...revisionQuery(storeId, draft.base.revision),
    enabled: isChanged,
  });
  if (!isChanged) return null;
  const choose = (path: string, side: 'mine' | 'theirs') =>
    changeDraft(storeId, { type: 'choose', path, side });
  return (
    <div className={css['box']} role="alert">
      <p>
        <strong>
          {data?.by == null ? 'A colleague' : <Actor actor={data.by} />} changed this configuration
        </strong>{' '}
        {data?.at != null && <Time at={data.at} />}. Your changes are still here
        {draft.clashes.length === 0
          ? ' and go together with theirs.'
          : '. What both of you changed is yours to choose:'}
      </p>
      <div className={css['wrap']}>
        <table className={css['table']}>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">It was</th>
              <th scope="col">They saved</th>
              <th scope="col">You have</th>
            </tr>
          </thead>
          <tbody>
            {draft.theirs.map(({ path, from, to }) => {
              const clash = draft.clashes.find((one) => one.path === path);
              const mine = draft.edits.get(path);
              return (
                <tr key={path}>
                  <th scope="row" dir="auto">
                    {lineName(path)}
                  </th>
                  <td dir="auto">{lineText(path, from)}</td>
                  <td dir="auto">
                    {lineText(path, to)}
                    {clash !== undefined && (
                      <Button small onClick={() => choose(path, 'theirs')}>
                        Take theirs
                      </Button>
                    )}
                  </td>
                  <td dir="auto">
                    {mine === undefined ? (
                      <span className="soft">the same as they</span>
                    ) : (
                      lineText(path, mine)
                    )}
                    {clash !== undefined && (
                      <Button small onClick={() => choose(path, 'mine')}>
                        Keep mine
                      </Button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {draft.clashes.length === 0 && (
        <Button small onClick={() => changeDraft(storeId, { type: 'seen' })}>
          I have seen it
        </Button>
      )}
    </div>
  );
}
