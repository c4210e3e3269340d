import { useMutation } from '@tanstack/react-query';
import type { Sections } from '../../api/client.ts';
import { countCriteria } from '../../api/queries/configuration.ts';
import { isSame } from '../../draft/lines.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import { n, plural } from '../../words.ts';
import css from './settings.module.css';
import type { Editing } from './use-editing.ts';

/** How many people match the drafted criteria. */
export function CriteriaCount({
  editing: { storeId, now, complaints },
}: {
  readonly editing: Editing;
}) {
  const count = useMutation({
    mutationFn: (criteria: Sections['criteria']) => countCriteria(storeId, criteria),
  });
  const isWrong = [...complaints.keys()].some((path) => path.startsWith('criteria'));
  const isCurrent = isSame(count.variables, now.criteria);
  return (
    <div className={css['acts']} aria-live="polite">
      <Button
        small
        disabled={isWrong || count.isPending}
        onClick={() => count.mutate(now.criteria)}
      >
        {count.isPending ? 'Counting…' : 'Count them'}
      </Button>
      {isCurrent && count.data !== undefined && (
        <span>
          <strong>{n(count.data.inScope)}</strong> of{' '}
          {plural(count.data.listed, 'person', 'people')} would be synced
          {count.data.complete ? '' : `; time was up before all ${n(count.data.total)} were read`}
          {count.data.unseen.length > 0 && `; nobody has ${count.data.unseen.join(', ')}`}
        </span>
      )}
      {isCurrent && count.error !== null && <Failure error={count.error} />}
    </div>
  );
}
