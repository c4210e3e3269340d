import type { KnownUser } from '../../../core/model/known-page.ts';
import type { Member } from '../../../core/model/member.ts';
import type { SyncRecord } from '../../../core/model/record.ts';
import { isUnreadable, type ListedUser } from '../../../core/model/source-user.ts';
import type { PersonPlan } from '../../../core/plan/plan-person.ts';
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
 * Counts whoever is as a run last left them, by the heads of their members and what is known of them, and answers the
 * others; with it, what is to be learnt of all of them so far.
 */
export function skipUnchanged(
  context: Pick<RunContext, 'tally' | 'created'>,
  listed: readonly Candidate[],
  stand: {
    /** Null where nobody knows who has none. */
    readonly heads: ReadonlyMap<string, MemberHead> | null;
    readonly standing: ReadonlyMap<string, readonly SyncRecord[]>;
  },
): { readonly candidates: readonly Candidate[]; readonly learnt: Map<string, KnownUser> } {
  const { heads, standing } = stand;
  const learnt = new Map<string, KnownUser>();
  const candidates = listed.filter(({ user, fingerprint }) => {
    const { externalId } = user;
    const head = heads?.get(externalId);
    const idleAs = heads !== null && head === undefined ? idleOf(user) : null;
    learnt.set(externalId, { externalId, fingerprint, idleAs });
    if (standing.has(externalId)) return true;
    if (isAsBefore(head, fingerprint)) {
      context.tally.add('inScope', !context.created.externalIds.has(externalId));
    } else if (idleAs !== null) context.tally.add(idleAs, false);
    else return true;
    return false;
  });
  return { candidates, learnt };
}

/** Null for who can't be read or isn't in scope. */
function fingerprintOf(context: RunContext, user: ListedUser): string | null {
  if (isUnreadable(user)) return null;
  const { known } = user;
  if (known !== undefined && (known.fingerprint ?? known.idleAs) !== null) return known.fingerprint;
  if (context.scope.fromListing(user) !== 'in') return null;
  return context.fingerprintOf(user);
}

/** Where a known user counts who has no member. */
function idleOf(user: ListedUser): KnownUser['idleAs'] {
  return isUnreadable(user) ? null : (user.known?.idleAs ?? null);
}

/** Where a user counts as long as they have no member, and their record and the rules are these. */
export function idleBy({ category, draft }: PersonPlan): KnownUser['idleAs'] {
  return draft === null && (category === 'outOfScope' || category === 'skipped') ? category : null;
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
