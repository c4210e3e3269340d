import type { Member } from '../core/model/member.ts';
import type { SyncRecord } from '../core/model/record.ts';
import { hasEnded, type Run } from '../core/model/run.ts';
import type { SystemUser } from '../simulator/directory/system-user.ts';

/** The visible effects of one run on a store. */
export interface Evidence {
  readonly run: Run;
  readonly records: readonly SyncRecord[];
  readonly before: readonly Member[];
  readonly after: readonly Member[];
  /** Source ids of the users that the directory had as active and in scope all the time. */
  readonly stillActive: ReadonlySet<string>;
  /** Requests to the directory while the run was under way. */
  readonly requests: number;
}

/** An invariant, whatever the directory answers: null when it holds, or what broke it. */
export interface Invariant<Seen> {
  readonly name: string;
  readonly check: (seen: Seen) => string | null;
}

const mostRequestsWhenRefused = 20;
const mostNamed = 5;

/** The invariants of every run, with any fault of its directory. */
export const runInvariants: readonly Invariant<Evidence>[] = [
  {
    name: 'no user that the directory still has is removed',
    check: ({ before, after, stillActive }) => {
      const now = byId(after);
      const removed = before.filter(
        ({ id, status, externalId }) =>
          status === 'active' &&
          stillActive.has(externalId ?? '') &&
          now.get(id)?.status !== 'active',
      );
      return broken(removed.map(({ externalId }) => externalId));
    },
  },
  {
    name: 'every listed person is accounted for',
    check: ({ run: { counts, certificate } }) => {
      const { listed, inScope, outOfScope, skipped, problem } = counts;
      if (listed !== inScope + outOfScope + skipped + problem) return 'the counts do not add up';
      if (certificate === null || certificate.walks > 1 || listed === certificate.distinct) {
        return null;
      }
      return `${certificate.distinct} were listed and ${listed} are accounted for`;
    },
  },
  {
    name: 'what was changed is what the records say was applied',
    check: ({ records, before, after }) => {
      const applied = records.filter(({ status }) => status === 'applied');
      const said = new Set(applied.map(({ memberId }) => memberId ?? ''));
      const seen = changedIds(before, after);
      const wrong = [...said, ...seen].filter((id) => said.has(id) !== seen.has(id));
      return broken(wrong);
    },
  },
  {
    name: 'held records change no member',
    check: ({ records, before, after }) => {
      const changed = changedIds(before, after);
      const held = records.filter(({ status }) => status === 'held');
      return broken(held.filter(({ memberId }) => changed.has(memberId ?? '')).map(({ id }) => id));
    },
  },
  {
    name: 'a directory that refuses or forbids is left in peace',
    check: ({ run, requests }) =>
      (run.error?.code === 'source-auth' || run.error?.forbidden === true) &&
      requests >= mostRequestsWhenRefused
        ? `${requests} requests were made`
        : null,
  },
  {
    name: 'the run came to an end',
    check: ({ run }) => (hasEnded(run) ? null : `it is ${run.status}`),
  },
];

/** A store that was synced after its directory recovered. */
export interface Recovered {
  /** All users of the directory that are in scope. */
  readonly people: readonly SystemUser[];
  readonly members: readonly Member[];
  /** The run after the one that repaired all. */
  readonly again: Pick<Evidence, 'run' | 'before' | 'after'>;
}

/** The invariants after the directory recovered. */
export const recoveryInvariants: readonly Invariant<Recovered>[] = [
  {
    name: 'afterwards every member is what the directory says',
    check: ({ people, members }) => {
      const here = new Map(members.map((member) => [member.externalId ?? '', member]));
      const there = new Set(people.map(({ _id }) => _id));
      const wrong = people.filter((user) => !isTrue(user, here.get(user._id)));
      const left = members.filter(
        ({ externalId, status }) => status === 'active' && !there.has(externalId ?? ''),
      );
      return broken([...wrong.map(({ _id }) => _id), ...left.map(({ externalId }) => externalId)]);
    },
  },
  {
    name: 'running again changes nothing',
    check: ({ again: { run, before, after } }) =>
      run.status === 'succeeded' ? broken([...changedIds(before, after)]) : `it is ${run.status}`,
  },
];

function isTrue(user: SystemUser, member: Member | undefined): boolean {
  // A staged user need not be a member.
  if (user.state === 'STAGED') return true;
  if (member === undefined) return false;
  const status = user.state === 'ACTIVATED' ? 'active' : 'inactive';
  const { fields } = member;
  const text = (value: string | undefined) => value ?? '';
  return (
    member.status === status &&
    text(fields.email) === user.email.normalize('NFC') &&
    text(fields.firstName) === text(user.firstname) &&
    text(fields.lastName) === text(user.lastname) &&
    text(fields.department) === text(user.department)
  );
}

/** Members that were written: created, deleted, or with another revision. */
function changedIds(before: readonly Member[], after: readonly Member[]): ReadonlySet<string> {
  const [old, young] = [byId(before), byId(after)];
  const ids = new Set([...old.keys(), ...young.keys()]);
  return new Set([...ids].filter((id) => old.get(id)?.lastRecord !== young.get(id)?.lastRecord));
}

function byId(members: readonly Member[]): ReadonlyMap<string, Member> {
  return new Map(members.map((member) => [member.id, member]));
}

function broken(ids: readonly (string | null)[]): string | null {
  if (ids.length === 0) return null;
  const named = ids.slice(0, mostNamed).join(', ');
  return `not for ${named}${ids.length > mostNamed ? ` and ${ids.length - mostNamed} others` : ''}`;
}
