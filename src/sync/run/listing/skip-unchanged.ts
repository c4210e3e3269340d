import type { Member } from '../../../core/model/member.ts';
import type { SyncRecord } from '../../../core/model/record.ts';
import { isUnreadable, type ListedUser } from '../../../core/model/source-user.ts';
import type { MemberHead } from '../../../ports/members.ts';
import type { RunContext } from '../run-context.ts';

/** A listed person whose plan must be worked out. */
export interface Candidate {
  readonly user: ListedUser;
  /** Null for who can't be read or isn't in scope. */
  readonly fingerprint: string | null;
}

/** Fingerprints users, while the database is still asked about them. */
export function fingerprintAll(
  context: RunContext,
  users: readonly ListedUser[],
): readonly Candidate[] {
  return users.map((user) => ({ user, fingerprint: fingerprintOf(context, user) }));
}

/**
 * Counts the users whose member is as a run last left it, by the fingerprint in the member's head, and answers the
 * others.
 */
export function skipUnchanged(
  context: Pick<RunContext, 'tally' | 'created'>,
  listed: readonly Candidate[],
  stand: {
    /** Null where nobody knows who has none. */
    readonly heads: ReadonlyMap<string, MemberHead> | null;
    readonly standing: ReadonlyMap<string, readonly SyncRecord[]>;
  },
): readonly Candidate[] {
  const { heads, standing } = stand;
  return listed.filter(({ user: { externalId }, fingerprint }) => {
    const isUnchanged =
      isAsBefore(heads?.get(externalId), fingerprint) && !standing.has(externalId);
    if (isUnchanged) context.tally.add('inScope', !context.created.externalIds.has(externalId));
    return !isUnchanged;
  });
}

/** Null for who can't be read or isn't in scope. */
function fingerprintOf(context: RunContext, user: ListedUser): string | null {
  if (isUnreadable(user) || context.scope.fromListing(user) !== 'in') return null;
  return context.fingerprintOf(user);
}

/** Whether a member is as when a run last wrote or checked it. Who was missing before is to be looked at. */
function isAsBefore(head: MemberHead | undefined, fingerprint: string | null): boolean {
  if (head === undefined || fingerprint === null) return false;
  return head.fingerprint === fingerprint && head.absence === null && head.inactiveCause !== 'gone';
}

/**
 * Remembers what the source says of a member who needs no change, though the source or the rules did change. One that
 * something else wrote since has no fingerprint, and gets none here: a run over an unchanged directory writes nobody.
 */
export async function noteFingerprints(
  context: RunContext,
  current: readonly { readonly member: Member; readonly fingerprint: string }[],
): Promise<void> {
  const changed = current.filter(
    ({ member, fingerprint }) => (member.fingerprint ?? fingerprint) !== fingerprint,
  );
  if (changed.length === 0 || context.run.mode === 'plan') return;
  context.checkpoint();
  await context.members.noteFingerprints(
    changed.map(({ member: { id, revision }, fingerprint }) => ({ id, revision, fingerprint })),
  );
}
