import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import type { StoreWhy } from '../../api/client.ts';
import css from './why.module.css';

type Explained = NonNullable<StoreWhy['criteria']>;

const verdicts = { in: 'in scope', out: 'out of scope', unknown: 'neither in nor out' } as const;

/** Each condition of the criteria, whether it is met, and what would admit the person. */
export function Criteria({ criteria }: { readonly criteria: Explained | null }) {
  if (criteria === null) return null;
  const { verdict, conditions, wouldAdmit } = criteria;
  return (
    <>
      <p>By the criteria the person is {verdicts[verdict]}.</p>
      <ol className={css['conditions']}>
        {conditions.map(({ number, condition, holds, unknown }) => (
          <li key={number}>
            <Mark holds={holds} /> <bdi>{textOf(condition)}</bdi>
            {unknown !== null && <span className="soft"> {unknown}</span>}
          </li>
        ))}
      </ol>
      {wouldAdmit.length > 0 && (
        <p>
          In scope would be a person who meets{' '}
          {wouldAdmit.map((way) => `condition ${way.join(' and ')}`).join(', or ')}.
        </p>
      )}
    </>
  );
}

function markOf(holds: boolean | null) {
  if (holds === null) return [CircleHelp, 'Unknown:'] as const;
  return holds ? ([CircleCheck, 'Met:'] as const) : ([CircleX, 'Not met:'] as const);
}

function Mark({ holds }: { readonly holds: boolean | null }) {
  const [Icon, word] = markOf(holds);
  return (
    <>
      <Icon size={16} aria-hidden />
      <span className="sr">{word}</span>
    </>
  );
}

const textOf = (condition: Explained['conditions'][number]['condition']): string =>
  Object.values(condition)
    .flat()
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
    .join(' ');
