import type { Member } from '../../../core/model/member.ts';
import type { SyncRecord } from '../../../core/model/record.ts';
import { isUnreadable, type ListedUser } from '../../../core/model/source-user.ts';
import type { MemberHead } from '../../../ports/members.ts';
import type { RunContext } from '../run-context.ts';

/** A listed user that may need a plan. */
export interface Candidate {
  readonly user: ListedUser;
  /** Null for a user that is unreadable or out of scope. */
  readonly fingerprint: string | null;
}

/** Computes the fingerprints of listed users. */
export function fingerprintAll(
  context: RunContext,
  users: readonly ListedUser[],
): readonly Candidate[] {
  return users.map((user) => ({ user, fingerprint: fingerprintOf(context, user) }));
}

/** Counts the users whose member still has the fingerprint that a run stored last, and returns the others. */
export function skipUnchanged(
  context: Pick<RunContext, 'tally' | 'writer'>,
  listed: readonly Candidate[],
  known: {
    /** Null when the page covers no id range, so that a missing head proves nothing. */
    readonly heads: ReadonlyMap<string, MemberHead> | null;
    readonly blocking: ReadonlyMap<string, readonly SyncRecord[]>;
  },
): readonly Candidate[] {
  const { heads, blocking } = known;
  return listed.filter(({ user: { externalId }, fingerprint }) => {
    const isUnchanged =
      isAsBefore(heads?.get(externalId), fingerprint) && !blocking.has(externalId);
    if (isUnchanged) context.tally.add('inScope', !context.writer.hasWritten(externalId));
    return !isUnchanged;
  });
}

/** Null for a user that is unreadable or out of scope. */
function fingerprintOf(context: RunContext, user: ListedUser): string | null {
  if (isUnreadable(user) || context.scope.fromListing(user) !== 'in') return null;
  return context.fingerprintOf(user);
}

/** Whether a member is as a run last wrote or checked it. A member that was missing before must be planned. */
function isAsBefore(head: MemberHead | undefined, fingerprint: string | null): boolean {
  if (head === undefined || fingerprint === null) return false;
  return head.fingerprint === fingerprint && head.absence === null && head.inactiveCause !== 'gone';
}

/**
 * Stores new fingerprints of members that need no change although the source or the configuration changed. A member
 * that another writer changed has no fingerprint and gets none here, so that a run over an unchanged directory writes
 * nothing.
 */
export async function noteFingerprints(
  context: RunContext,
  current: readonly { readonly member: Member; readonly fingerprint: string }[],
): Promise<void> {
  const changed = current.filter(
    ({ member, fingerprint }) => (member.fingerprint ?? fingerprint) !== fingerprint,
  );
  if (changed.length === 0 || context.run.mode === 'plan') return;
  await context.members.noteFingerprints(
    changed.map(({ member: { id, revision }, fingerprint }) => ({ id, revision, fingerprint })),
  );
}
