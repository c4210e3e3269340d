import {
  Ban,
  CircleCheck,
  CirclePause,
  CircleX,
  Clock,
  Eye,
  KeyRound,
  LoaderCircle,
  type LucideIcon,
  Pause,
  Trash2,
  Unlink,
  UserRoundCheck,
  UserRoundX,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Member, Run, RunRecord, Schemas, Store } from '../api/client.ts';
import { causeWords, recordStatusWords, runStatusWords } from '../words.ts';

type Tone = 'ok' | 'held' | 'bad' | 'accent' | 'neutral';

/** An icon and a word: the colour alone says nothing. */
export function Badge({
  icon: Icon,
  tone,
  children,
}: {
  readonly icon: LucideIcon;
  readonly tone: Tone;
  readonly children: ReactNode;
}) {
  return (
    <span className={`badge ${tone}`}>
      <Icon size={14} aria-hidden />
      {children}
    </span>
  );
}

const runLooks: Readonly<Record<Run['status'], readonly [LucideIcon, Tone]>> = {
  queued: [Clock, 'neutral'],
  listing: [LoaderCircle, 'accent'],
  planned: [Eye, 'accent'],
  applying: [LoaderCircle, 'accent'],
  succeeded: [CircleCheck, 'ok'],
  held: [CirclePause, 'held'],
  failed: [CircleX, 'bad'],
  cancelled: [Ban, 'neutral'],
};

export function RunBadge({ status }: { readonly status: Run['status'] }) {
  const [icon, tone] = runLooks[status];
  return (
    <Badge icon={icon} tone={tone}>
      {runStatusWords[status]}
    </Badge>
  );
}

const groupLooks = {
  staged: [CirclePause, 'held', 'waits for you'],
  followed: [CircleCheck, 'ok', 'followed'],
  unlinked: [Unlink, 'neutral', 'unlinked'],
} as const;

/** Whether a group follows the directory; one that was pushed into a store without group sync does not. */
export function GroupBadge({ status }: { readonly status: Schemas['Group']['status'] }) {
  if (status === null)
    return (
      <Badge icon={Ban} tone="neutral">
        not synced
      </Badge>
    );
  const [icon, tone, word] = groupLooks[status];
  return (
    <Badge icon={icon} tone={tone}>
      {word}
    </Badge>
  );
}

const recordLooks: Readonly<Record<RunRecord['status'], readonly [LucideIcon, Tone]>> = {
  planned: [Clock, 'accent'],
  applied: [CircleCheck, 'ok'],
  held: [CirclePause, 'held'],
  failed: [CircleX, 'bad'],
  rejected: [Ban, 'neutral'],
  undone: [Ban, 'neutral'],
  reported: [Eye, 'neutral'],
};

export function RecordBadge({ status }: { readonly status: RunRecord['status'] }) {
  const [icon, tone] = recordLooks[status];
  return (
    <Badge icon={icon} tone={tone}>
      {recordStatusWords[status]}
    </Badge>
  );
}

export function MemberBadge({ status, inactiveCause }: Pick<Member, 'status' | 'inactiveCause'>) {
  if (status === 'active') {
    return (
      <Badge icon={UserRoundCheck} tone="ok">
        Active
      </Badge>
    );
  }
  return (
    <Badge icon={UserRoundX} tone="neutral">
      Inactive{inactiveCause === null ? '' : `, ${causeWords[inactiveCause]}`}
    </Badge>
  );
}

/** The state of a store in a word, the most urgent one. */
export function StoreBadge({ store }: { readonly store: Store }) {
  const { status, via, lastSync, held, removal } = store;
  if (removal !== null) {
    return (
      <Badge icon={Trash2} tone="neutral">
        Being removed
      </Badge>
    );
  }
  if (status === 'needs-reauthorization') {
    return (
      <Badge icon={KeyRound} tone="bad">
        Key refused
      </Badge>
    );
  }
  if (status === 'paused') {
    return (
      <Badge icon={Pause} tone="neutral">
        Paused
      </Badge>
    );
  }
  if (held !== null) {
    return (
      <Badge icon={CirclePause} tone="held">
        Held
      </Badge>
    );
  }
  if (lastSync === null) {
    return (
      <Badge icon={Clock} tone="neutral">
        {via === 'scim' ? 'Waiting for pushes' : 'Never synced'}
      </Badge>
    );
  }
  if (lastSync.status === 'failed') {
    return (
      <Badge icon={CircleX} tone="bad">
        Failing
      </Badge>
    );
  }
  return (
    <Badge icon={CircleCheck} tone="ok">
      Healthy
    </Badge>
  );
}
