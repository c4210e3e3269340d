import type { Activity } from '../api/client.ts';
import { plural } from '../words.ts';
import css from './run-bars.module.css';

const most = 14;
const step = 8;
const height = 28;

type RunSeen = Activity['items'][number]['runs'][number];

/** The latest runs, oldest first: the height says how much was changed, colour and shape how it ended. */
export function RunBars({ runs }: { readonly runs: readonly RunSeen[] }) {
  const shown = runs.slice(0, most).toReversed();
  const top = Math.max(1, ...shown.map(({ changed }) => Math.log1p(changed)));
  const count = (status: RunSeen['status']) => shown.filter((run) => run.status === status).length;
  const label = `Last ${plural(shown.length, 'run')}: ${count('failed')} failed, ${count('held')} held`;
  return (
    <svg
      className={css['bars']}
      viewBox={`0 0 ${most * step} ${height}`}
      width={most * step}
      height={height}
      role="img"
      aria-label={label}
    >
      {shown.map(({ id, status, changed }, index) => {
        const x = (most - shown.length + index) * step;
        if (status === 'failed') {
          return <path key={id} className={css['bad']} d={`M${x} 22l6 6m0-6l-6 6`} />;
        }
        const tall = 3 + (Math.log1p(changed) / top) * (height - 5);
        const tone = status === 'held' ? 'held' : changed === 0 ? 'none' : 'ok';
        return (
          <rect
            key={id}
            className={css[tone]}
            x={x}
            y={height - tall}
            width="6"
            height={tall}
            rx="1.5"
          />
        );
      })}
    </svg>
  );
}
