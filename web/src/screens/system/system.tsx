import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX, Ghost, Hourglass, TriangleAlert } from 'lucide-react';
import type { Schemas } from '../../api/client.ts';
import { systemQuery } from '../../api/queries/system.ts';
import { useMay } from '../../shell/use-role.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Badge } from '../../ui/badge.tsx';
import { Empty, Failure, Loading } from '../../ui/notice.tsx';
import { n, plural, roleWords } from '../../words.ts';
import css from './system.module.css';

type System = Schemas['System'];

/** How this installation is: services, worker processes, queues, limits and versions. */
export function SystemPage() {
  useTitle('System');
  const may = useMay('admin');
  if (may) return <Shown />;
  return (
    <div className="page">
      <h1>System</h1>
      <Empty>
        <p>To see the system takes {roleWords.admin}.</p>
      </Empty>
    </div>
  );
}

function Shown() {
  const system = useQuery(systemQuery);
  if (system.data === undefined) {
    if (system.error === null) return <Loading />;
    return <Failure error={system.error} onRetry={() => void system.refetch()} />;
  }
  const { ready, checks, versions, workers, queues, limits } = system.data;
  const troubles = checks.filter(({ ok }) => !ok);
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>System</h1>
          <p className="lead">{leadOf(ready, troubles.length)}</p>
        </div>
      </div>
      <div className={css['two']}>
        <Health checks={checks} />
        <Versions versions={versions} />
      </div>
      <Workers workers={workers} own={versions.rollcall} />
      <div className={css['two']}>
        <Queues queues={queues} />
        <Limits limits={limits} />
      </div>
    </div>
  );
}

function leadOf(isReady: boolean, troubles: number): string {
  if (!isReady) return 'Something that Rollcall needs is not there.';
  if (troubles === 0) return 'All is well.';
  return `It works; ${plural(troubles, 'thing')} ${troubles === 1 ? 'needs' : 'need'} a look.`;
}

const checkWords: Readonly<Record<string, string>> = {
  process: 'This process',
  database: 'Database',
  redis: 'Redis',
  schedules: 'Schedules',
  clock: 'Clocks',
  secrets: 'Keys of secrets',
  log: 'Log',
};

function Health({ checks }: Pick<System, 'checks'>) {
  return (
    <section className="card" aria-labelledby="health">
      <div className="card-head">
        <h2 id="health">Health</h2>
      </div>
      <ul className={css['rows']}>
        {checks.map(({ name, ok, problem, isRequired }) => (
          <li key={name}>
            <span>
              {checkWords[name] ?? name}
              {problem !== null && <span className="sub">{problem}</span>}
            </span>
            {ok ? (
              <Badge icon={CircleCheck} tone="ok">
                Well
              </Badge>
            ) : (
              <Badge
                icon={isRequired ? CircleX : TriangleAlert}
                tone={isRequired ? 'bad' : 'neutral'}
              >
                {isRequired ? 'Fails' : 'Needs a look'}
              </Badge>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Versions({ versions }: Pick<System, 'versions'>) {
  const rows = [
    ['Rollcall', versions.rollcall],
    ['Node.js', versions.node],
    ['Database', versions.database],
    ['Redis', versions.redis],
  ] as const;
  return (
    <section className="card" aria-labelledby="versions">
      <div className="card-head">
        <h2 id="versions">Versions</h2>
      </div>
      <ul className={css['rows']}>
        {rows.map(([label, version]) => (
          <li key={label}>
            <span>{label}</span>
            <span className="mono">{version ?? 'not said'}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const stateLooks = {
  alive: [CircleCheck, 'ok', 'Works'],
  hanging: [Hourglass, 'bad', 'Hangs'],
  gone: [Ghost, 'neutral', 'Gone'],
} as const;

function Workers({ workers, own }: Pick<System, 'workers'> & { readonly own: string }) {
  return (
    <section className="card" aria-labelledby="workers">
      <div className="card-head">
        <h2 id="workers">Worker processes</h2>
        {workers !== null && <span className="soft">{n(workers.length)}</span>}
      </div>
      {workers === null && <Empty>Redis is away: it knows which workers there are.</Empty>}
      {workers?.length === 0 && (
        <Empty>
          <p>No worker runs: nothing is synced.</p>
          <p>
            Start one with <code>rollcall serve worker</code>
          </p>
        </Empty>
      )}
      {workers !== null && workers.length > 0 && (
        <ul className={css['rows']}>
          {workers.map(({ host, pid, version, silentForMs, state }) => {
            const [icon, tone, word] = stateLooks[state];
            return (
              <li key={`${host} ${pid}`}>
                <span className={css['name']}>
                  {host === '' ? 'A worker of an earlier release' : `${host}, process ${pid}`}
                  <span className="sub">
                    {version === null ? 'an earlier release' : `version ${version}`}
                    {version !== null && version !== own && ', another than this one'}
                    {silentForMs !== null && ` · sign of life ${secondsAgo(silentForMs)}`}
                  </span>
                </span>
                <Badge icon={icon} tone={tone}>
                  {word}
                </Badge>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

function secondsAgo(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 90 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}

const queueWords: Readonly<Record<string, string>> = {
  runs: 'Runs',
  ticks: 'Schedules',
  maintenance: 'Maintenance',
};

function Queues({ queues }: Pick<System, 'queues'>) {
  return (
    <section className="card" aria-labelledby="queues">
      <div className="card-head">
        <h2 id="queues">Queues</h2>
        <a href="/ops/queues" className="more">
          Queue dashboard
        </a>
      </div>
      {queues === null ? (
        <Empty>Redis is away: it has the queues.</Empty>
      ) : (
        <div className="table-wrap">
          <table className={`table ${css['queues']}`}>
            <thead>
              <tr>
                <th scope="col">Queue</th>
                {['Waiting', 'At work', 'Later', 'Failed'].map((label) => (
                  <th key={label} scope="col" className="num">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {queues.map(({ queue, waiting, active, delayed, failed }) => (
                <tr key={queue}>
                  <th scope="row">{queueWords[queue] ?? queue}</th>
                  <td className="num">{n(waiting)}</td>
                  <td className="num">{n(active)}</td>
                  <td className="num">{n(delayed)}</td>
                  <td className="num">{n(failed)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Limits({ limits }: Pick<System, 'limits'>) {
  return (
    <section className="card" aria-labelledby="limits">
      <div className="card-head">
        <h2 id="limits">Limits</h2>
      </div>
      <ul className={css['rows']}>
        {limits.map(({ what, max, per }) => (
          <li key={what}>
            <span className={css['what']}>{what}</span>
            <span className="num">
              {n(max)} {per === 'minute' ? 'a minute' : 'at a time'}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
