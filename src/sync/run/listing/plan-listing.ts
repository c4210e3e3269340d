import { RunFailure } from '../../../core/errors.ts';
import type { Member } from '../../../core/model/member.ts';
import { isUnreadable, type ListedUser } from '../../../core/model/source-user.ts';
import { type Draft, undecidedDraft } from '../../../core/plan/draft.ts';
import { type PersonPlan, planUser } from '../../../core/plan/plan-user.ts';
import { type Reading, readUsers } from '../../../core/plan/read-user.ts';
import type { MemberHead } from '../../../ports/members.ts';
import { inBatches, type Listing, listSource, type NewUsers } from '../../source/list-source.ts';
import { needsChecks, type RunContext } from '../run-context.ts';
import { findOwners } from './find-adoptable.ts';
import {
  type Candidate,
  fingerprintAll,
  noteFingerprints,
  skipUnchanged,
} from './skip-unchanged.ts';

/** How many users are planned together: enough to save requests to the database, few to hold in memory. */
const batchSize = 500;
const headPageSize = 1000;
const mostControls = 5;

export interface PlannedListing extends Listing {
  /** Source ids of this store's members that no page listed and that are not known to be gone. */
  readonly missing: readonly string[];
  /** How many members that are not listed were confirmed gone by an earlier run. */
  readonly knownGone: number;
  /** Users that would come in because a group's list does not name them. */
  readonly arrivals: readonly string[];
  /** A few ids that were listed: the controls for answers by id. */
  readonly controls: readonly string[];
}

/**
 * Lists the source page by page, reads the heads of each page's members from their id range, and stores a record for
 * every user whose member must change. A user with the fingerprint of its member is counted without a plan. Holds one
 * page, a few batches of records, and ids in memory.
 * Throws `RunFailure` `empty-listing` when no user is listed although the store has members.
 */
export async function planListing(context: RunContext): Promise<PlannedListing> {
  const { store, members, writer } = context;
  const notes: PageNotes = {
    missing: [],
    knownGone: [],
    arrivals: [],
    controls: [],
    fieldProblems: new Map(),
    off: new Map(),
  };
  const planning: ListingWork = {
    context,
    notes,
    hasKept: await members.hasKeptFrom(context.plan.origin),
  };
  const pages = inBatches(listSource(context.directory, store.orgId), batchSize);
  let listing: Listing | null = null;
  try {
    while (listing === null) {
      context.signal.throwIfAborted();
      const next = await pages.next();
      if (next.done) listing = next.value;
      else await planBatch(planning, next.value);
    }
    await writer.end();
  } finally {
    // A listing that failed must not write any more when the next step begins.
    await writer.awaitPending();
  }
  const { listed } = listing;
  const isEmpty = listed.size === 0 && context.directory.removalsAreExplicit !== true;
  if (isEmpty && notes.missing.length + notes.knownGone.length > 0) {
    const { problems } = listing.certificate;
    const lists = problems === 0 ? 'nobody' : `only rows without a readable id (${problems})`;
    throw new RunFailure('empty-listing', `the source lists ${lists}, but the store has members`, {
      hint: 'Check what the credential may read at the source. No member was changed.',
    });
  }
  warnOfFieldProblems(context, notes);
  return {
    ...listing,
    missing: notes.missing.filter((id) => !listed.has(id)),
    knownGone: notes.knownGone.filter((id) => !listed.has(id)).length,
    arrivals: notes.arrivals,
    controls: notes.controls,
  };
}

interface PageNotes {
  readonly missing: string[];
  readonly knownGone: string[];
  readonly arrivals: string[];
  readonly controls: string[];
  readonly fieldProblems: Map<string, number>;
  /** For each field whose expression is off, why. */
  readonly off: Map<string, string>;
}

interface ListingWork {
  readonly context: RunContext;
  readonly notes: PageNotes;
  readonly hasKept: boolean;
}

async function planBatch(work: ListingWork, page: NewUsers): Promise<void> {
  const { context, notes } = work;
  const { writer } = context;
  const ids = page.users.map(({ externalId }) => externalId);
  const asked = Promise.all([headsOf(work, page), context.blocking.of(ids)]);
  // It may fail before the await below, while the fingerprints are computed.
  asked.catch(() => undefined);
  const listed = fingerprintAll(context, page.users);
  const [heads, blocking] = await asked;
  const candidates = skipUnchanged(context, listed, { heads, blocking });
  const members = await membersOf(context, candidates, heads);
  const readings = await readUsers(
    candidates.map(({ user }) => user),
    {
      emailOf: context.directory.profile.emailOf,
      scopeOf: context.scope.fromListing,
      map: context.map,
    },
  );
  const withoutMember = readings.filter(({ externalId }) => !members.has(externalId));
  const { adoptable, taken } = await findOwners(work, withoutMember);
  const current: { readonly member: Member; readonly fingerprint: string }[] = [];
  for (const [at, reading] of readings.entries()) {
    const { externalId } = reading;
    const member = members.get(externalId) ?? adoptable.get(externalId) ?? null;
    const planned = context.blocking.planAround(externalId, blocking, (barred) =>
      planUser(context.plan, { reading, member }, barred),
    );
    const user = candidates[at]?.user;
    const verdict = withholdForLoss(context, planned, user);
    const wasWritten = writer.hasWritten(externalId);
    const isUnchanged = verdict.category === 'inScope' && verdict.draft === null && !wasWritten;
    context.tally.add(verdict.category, isUnchanged);
    noteFieldProblems(notes, reading, verdict);
    const isPlain = isComplete(reading) && !blocking.has(externalId);
    const fingerprint = isPlain ? (candidates[at]?.fingerprint ?? null) : null;
    if (verdict.draft !== null && !wasWritten) {
      const isAddressTaken = taken.has(verdict.draft.claim ?? '');
      const isInRange = page.range !== null;
      const record = writer.add(verdict.draft, { fingerprint, isInRange, isAddressTaken });
      context.planSummary.needsChecks ||= needsChecks(record);
      const isRead = user !== undefined && !isUnreadable(user);
      if (comesIn(record) && isRead && context.scope.reliesOnAbsence(user)) {
        notes.arrivals.push(externalId);
      }
    } else if (isUnchanged && fingerprint !== null) {
      if (member !== null) current.push({ member, fingerprint });
    }
  }
  await writer.flush();
  await noteFingerprints(context, current);
  await context.blocking.close();
  await forgetAbsences(context, [...members.values()]);
  noteControls(notes, page);
  context.report({ phase: 'listing', done: context.tally.counts.listed, total: page.total });
}

/** Whether the record brings a user in: as a new member, or as one that is active again. */
function comesIn({ action }: Draft): boolean {
  return action === 'create' || action === 'adopt' || action === 'reactivate';
}

/** Reports a user instead of letting it in or out when that rests on a group that lost most of its members. */
function withholdForLoss(
  context: RunContext,
  planned: PersonPlan,
  user: ListedUser | undefined,
): PersonPlan {
  const { draft } = planned;
  if (draft === null || user === undefined || isUnreadable(user)) return planned;
  if (!comesIn(draft) && draft.cause !== 'out-of-scope') return planned;
  const reason = context.scope.lossOf(user);
  if (reason === null) return planned;
  const person = { externalId: user.externalId, email: draft.email };
  return { category: 'problem', draft: undecidedDraft(context.plan, person, reason) };
}

/** Whether every field of the user could be computed: only then may the fingerprint be stored. */
function isComplete(reading: Reading): boolean {
  return reading.kind === 'in-scope' && reading.fieldProblems.length === 0;
}

/** Removes the absences of members that are listed again. */
async function forgetAbsences(context: RunContext, members: readonly Member[]): Promise<void> {
  const back = members.filter(({ absence }) => absence !== null);
  if (back.length === 0 || context.run.mode === 'plan') return;
  await context.members.noteAbsences(back.map(({ id }) => ({ id, absence: null })));
}

/** Takes controls from the start, the middle and the end of the page: a single one might be removed soon. */
function noteControls(notes: PageNotes, { users }: NewUsers): void {
  for (const place of [0, 0.5, 1]) {
    const user = users[Math.floor(place * (users.length - 1))];
    const isNew = user !== undefined && !notes.controls.includes(user.externalId);
    if (isNew && notes.controls.length < mostControls) notes.controls.push(user.externalId);
  }
}

/**
 * The heads of this store's members for some users, by source id; notes the other members of their id range as
 * missing. Null for users without an id range.
 */
async function headsOf(
  { context, notes }: ListingWork,
  { users, range }: NewUsers,
): Promise<ReadonlyMap<string, MemberHead> | null> {
  if (range === null) return null;
  const onPage = new Set(users.map(({ externalId }) => externalId));
  const found = new Map<string, MemberHead>();
  const { upTo } = range;
  let { after } = range;
  if (upTo !== null && upTo === after) return found;
  for (;;) {
    const part = { storeId: context.store.id, after, upTo, limit: headPageSize };
    const heads = await context.members.headsInIdRange(part);
    for (const head of heads) {
      const { externalId } = head;
      if (onPage.has(externalId)) found.set(externalId, head);
      else (head.inactiveCause === 'gone' ? notes.knownGone : notes.missing).push(externalId);
    }
    if (heads.length < headPageSize) return found;
    after = heads.at(-1)?.externalId ?? null;
  }
}

/** This store's members for these users, by source id. With `heads`, a user without a head has no member. */
async function membersOf(
  { members, store }: RunContext,
  candidates: readonly Candidate[],
  heads: ReadonlyMap<string, MemberHead> | null,
): Promise<ReadonlyMap<string, Member>> {
  const ids = candidates
    .map(({ user }) => user.externalId)
    .filter((id) => heads === null || heads.has(id));
  if (ids.length === 0) return new Map();
  const found = await members.bySourceIds(store.id, ids);
  return new Map(found.map((member) => [member.externalId ?? '', member]));
}

function noteFieldProblems(notes: PageNotes, reading: Reading, { category }: PersonPlan): void {
  if (reading.kind !== 'in-scope' || category === 'skipped') return;
  for (const { field, message, isOff } of reading.fieldProblems) {
    if (isOff) notes.off.set(field, message);
    else notes.fieldProblems.set(field, (notes.fieldProblems.get(field) ?? 0) + 1);
  }
}

/** Names no example: an expression's message about a person belongs in that person's record alone. */
function warnOfFieldProblems(context: RunContext, notes: PageNotes): void {
  for (const [field, users] of notes.fieldProblems) {
    const affected =
      users === 1 ? '1 user, whose record says why' : `${users} users; each record says why`;
    context.warnings.push(`${field} was left as it was for ${affected}`);
  }
  for (const message of notes.off.values()) {
    context.warnings.push(
      `${message}; members keep this field as it was, and nobody is created without it`,
    );
  }
}
