import {
  BellOff,
  CirclePause,
  CircleX,
  FileWarning,
  KeyRound,
  type LucideIcon,
  MailX,
  Plug,
  TimerOff,
} from 'lucide-react';
import type { Attention } from '../../api/client.ts';
import { exactTime, n, plural } from '../../words.ts';

/** How something that waits for a person is shown: two sentences and one action. */
export interface Sentences {
  readonly tone: 'held' | 'bad' | 'neutral';
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly action: string;
}

type Say = (params: Attention['params'], store: string) => Sentences;

const sayByKind: Readonly<Record<Attention['kind'], Say>> = {
  'run-held': ({ held = 0, applied = 0 }, store) => ({
    tone: 'held',
    icon: CirclePause,
    title: `${plural(held, 'change')} held in ${store}`,
    text: `${held === 1 ? 'It was not' : 'None of them was'} written${applied === 0 ? '' : `; ${plural(applied, 'other change')} of the run went through`}.`,
    action: 'Review',
  }),
  'needs-reauthorization': (_params, store) => ({
    tone: 'bad',
    icon: KeyRound,
    title: `The directory refuses the key of ${store}`,
    text: 'Its members stay as they are, but nothing reaches them until the store has a key that works.',
    action: 'Reauthorize',
  }),
  'run-failed': ({ errorMessage = 'No member was changed.' }, store) => ({
    tone: 'bad',
    icon: CircleX,
    title: `The last sync of ${store} failed`,
    text: errorMessage,
    action: 'See why',
  }),
  stale: (_params, store) => ({
    tone: 'neutral',
    icon: TimerOff,
    title: `${store} was not synced for long`,
    text: 'Its schedule is on, and no sync has succeeded since.',
    action: 'See the store',
  }),
  'token-expires': ({ tokenName, expiresAt }, store) => {
    const when = expiresAt === undefined ? 'soon' : `on ${exactTime(expiresAt)}`;
    return {
      tone: 'neutral',
      icon: KeyRound,
      title:
        tokenName === undefined
          ? `The SCIM token of ${store} expires`
          : `The access token “${tokenName}” expires`,
      text: `It works until then: ${when}. Make a new one before, and replace it where it is used.`,
      action: tokenName === undefined ? 'Make a new one' : 'See the tokens',
    };
  },
  undecided: ({ incompleteRuns = 0, undecidedUsers = 0 }, store) => ({
    tone: 'neutral',
    icon: FileWarning,
    title: `The directory of ${store} leaves open who is there`,
    text: [
      ...(incompleteRuns > 0
        ? [`Its list was incomplete in ${plural(incompleteRuns, 'run')} in a row.`]
        : []),
      ...(undecidedUsers > 0 ? [`${plural(undecidedUsers, 'user')} can’t be decided.`] : []),
      'Members that it concerns stay as they are.',
    ].join(' '),
    action: 'See the run',
  }),
  'domain-lapsed': ({ domain = 'A domain' }) => ({
    tone: 'bad',
    icon: MailX,
    title: `${domain} is no longer verified`,
    text: 'Its addresses get no mail until its DNS record is back and was looked up again.',
    action: 'See the system',
  }),
  'alerts-undelivered': ({ failing = 0, givenUp = 0 }) => ({
    tone: 'bad',
    icon: BellOff,
    title: 'Alerts reach nobody',
    text: `${n(failing)} are tried again, ${n(givenUp)} were given up: their receiver takes none.`,
    action: 'See the system',
  }),
  reported: ({ conflicts = 0, problems = 0 }, store) => ({
    tone: 'neutral',
    icon: FileWarning,
    title: `${plural(conflicts + problems, 'person', 'people')} of ${store} could not be synced`,
    text: [
      ...(conflicts > 0 ? [`${n(conflicts)} with an address that belongs to another member.`] : []),
      ...(problems > 0 ? [`${n(problems)} that can’t be read or computed.`] : []),
    ].join(' '),
    action: 'See who',
  }),
  'set-up': ({ via }, store) => ({
    tone: 'neutral',
    icon: Plug,
    title: via === 'scim' ? `${store} waits for its first push` : `${store} was never synced`,
    text:
      via === 'scim'
        ? 'The sync endpoint and token are ready; the directory has not used them yet.'
        : 'Look at its mapping and criteria, then preview and sync.',
    action: 'Finish the set-up',
  }),
};

/** The words for something that waits for a person. */
export const sentencesOf = ({ kind, store, params }: Attention): Sentences =>
  sayByKind[kind](params, store?.name ?? 'a store');
