import type { Run } from '../api/client.ts';
import { changedBy, plural } from '../words.ts';

const most = 14;
const step = 8;
const height = 28;

/** The latest runs, oldest first: the height says how much was changed, colour and shape how it ended. */
export function RunBars({ runs }: { readonly runs: readonly Run[] }) {
  const shown = runs.slice(0, most).toReversed();
  const top = Math.max(1, ...shown.map((run) => Math.log1p(changedBy(run))));
  const count = (status: Run['status']) => shown.filter((run) => run.status === status).length;
  const label = `Last ${plural(shown.length, 'run')}: ${count('failed')} failed, ${count('held')} held`;
  return (
    <svg
      className="bars"
      viewBox={`0 0 ${most * step} ${height}`}
      width={most * step}
      height={height}
      role="img"
      aria-label={label}
    >
      {shown.map((run, index) => {
        const x = (most - shown.length + index) * step;
        if (run.status === 'failed') {
          return <path key={run.id} className="bar bad" d={`M${x} 22l6 6m0-6l-6 6`} />;
        }
        const changed = changedBy(run);
        const tall = 3 + (Math.log1p(changed) / top) * (height - 5);
        const tone = run.status === 'held' ? 'held' : changed === 0 ? 'none' : 'ok';
        return (
          <rect
            key={run.id}
            className={`bar ${tone}`}
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
