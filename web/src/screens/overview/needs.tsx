import { CirclePause, CircleX, FileWarning, KeyRound, type LucideIcon, Plug } from 'lucide-react';
import type { Run, Store } from '../../api/client.ts';
import { isOver } from '../../api/queries/runs.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Time } from '../../ui/time.tsx';
import { n, plural } from '../../words.ts';

/** Something that a person has to look at. */
interface Need {
  readonly key: string;
  readonly tone: 'held' | 'bad' | 'neutral';
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly at: string | null;
  readonly action: string;
  /** The run to look at; the store without one. */
  readonly runId?: string;
  readonly storeId: string;
}

interface Known {
  /** The latest runs of the store, newest first. */
  readonly runs: readonly Run[];
  /** The runs of all stores with changes that wait for a person, however old they are. */
  readonly held: readonly Run[];
}

/** What needs a person at a store, the most urgent first. */
export function needsOf(store: Store, { runs, held }: Known): readonly Need[] {
  const { id: storeId, name } = store;
  const ended = runs.find((run) => (run.mode === 'full' || run.mode === 'delta') && isOver(run));
  const waiting: readonly Need[] = held
    .filter((run) => run.store === storeId && run.resolvedAt === null)
    .map((run) => ({
      key: `held ${run.id}`,
      tone: 'held',
      icon: CirclePause,
      title: `${plural(run.counts.held, 'change')} held in ${name}`,
      text: `Nothing of them was written; ${plural(run.counts.applied, 'other change')} of the run went through.`,
      at: run.finishedAt,
      action: 'Review',
      runId: run.id,
      storeId,
    }));
  return [...waiting, ...refusedKey(store), ...lastSync(store, ended), ...firstPush(store)];
}

function refusedKey(store: Store): readonly Need[] {
  if (store.status !== 'needs-reauthorization') return [];
  return [
    {
      key: `key ${store.id}`,
      tone: 'bad',
      icon: KeyRound,
      title: `The directory refuses the key of ${store.name}`,
      text: `Its ${plural(store.members.active, 'member')} stay as they are, but nothing reaches them until the store has a key that works.`,
      at: store.lastRun?.finishedAt ?? null,
      action: 'See the store',
      storeId: store.id,
    },
  ];
}

function lastSync(store: Store, run: Run | undefined): readonly Need[] {
  if (run === undefined || store.status === 'needs-reauthorization') return [];
  const common = { at: run.finishedAt, runId: run.id, storeId: store.id };
  if (run.status === 'failed') {
    return [
      {
        ...common,
        key: `failed ${run.id}`,
        tone: 'bad',
        icon: CircleX,
        title: `The last sync of ${store.name} failed`,
        text: run.error?.message ?? 'No member was changed.',
        action: 'See why',
      },
    ];
  }
  const { conflict, problem } = run.counts;
  if (conflict + problem === 0) return [];
  const conflicts =
    conflict === 0 ? [] : [`${n(conflict)} with an address that belongs to another member`];
  const problems = problem === 0 ? [] : [`${n(problem)} that can’t be read or computed`];
  return [
    {
      ...common,
      key: `reported ${run.id}`,
      tone: 'neutral',
      icon: FileWarning,
      title: `${plural(conflict + problem, 'person', 'people')} of ${store.name} could not be synced`,
      text: `${[...conflicts, ...problems].join(', ')}.`,
      action: 'See who',
    },
  ];
}

function firstPush(store: Store): readonly Need[] {
  if (store.via !== 'scim' || store.lastRun !== null) return [];
  return [
    {
      key: `push ${store.id}`,
      tone: 'neutral',
      icon: Plug,
      title: `${store.name} waits for its first push`,
      text: 'The sync endpoint and token are ready; the directory has not used them yet.',
      at: store.createdAt,
      action: 'See the store',
      storeId: store.id,
    },
  ];
}

export function Needs({ needs }: { readonly needs: readonly Need[] }) {
  if (needs.length === 0) return null;
  return (
    <ul className="needs" aria-label="What needs you">
      {needs.map(({ key, tone, icon: Icon, title, text, at, action, runId, storeId }) => (
        <li key={key} className={`need ${tone}`}>
          <span className="sign" aria-hidden>
            <Icon size={20} />
          </span>
          <div className="say">
            <h2>{title}</h2>
            <p>{text}</p>
          </div>
          <div className="acts">
            {at !== null && <Time at={at} />}
            {runId === undefined ? (
              <ButtonLink to="/stores/$storeId" params={{ storeId }} small>
                {action}
              </ButtonLink>
            ) : (
              <ButtonLink
                to="/runs/$runId"
                params={{ runId }}
                small
                look={tone === 'held' ? 'primary' : 'plain'}
              >
                {action}
              </ButtonLink>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
