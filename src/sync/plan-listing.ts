import { setImmediate } from 'node:timers/promises';
import { RunFailure } from '../core/errors.ts';
import { mapUser } from '../core/mapping/map-user.ts';
import type { Member } from '../core/model/member.ts';
import { isAdoptable } from '../core/plan/adoptable.ts';
import { type Draft, planAdoption, planPerson, type Verdict } from '../core/plan/plan-person.ts';
import { type Reading, readUser } from '../core/plan/read-user.ts';
import { type Listing, listSource, type NewUsers } from './list-source.ts';
import { keepDrafts, type RunContext } from './run-context.ts';

const memberPageSize = 1000;
const mostControls = 5;

export interface PlannedListing extends Listing {
  /** Source ids of this store's members that stood in no page, and aren't known to be gone. */
  readonly missing: readonly string[];
  /** How many members that aren't listed were confirmed gone by an earlier run. */
  readonly goneBefore: number;
  /** A few ids that were listed, to ask for when a 404 must be believed. */
  readonly controls: readonly string[];
}

/**
 * Lists the source page by page, reads each page's members from their id range, and keeps a record for
 * everyone who differs. Holds one page at a time, and ids.
 * Throws `RunFailure` `empty-listing` when nobody is listed although the store has members.
 */
export async function planListing(context: RunContext): Promise<PlannedListing> {
  const { store, members } = context;
  const hasKept = await members.hasKeptFrom(context.plan.origin);
  const notes: PageNotes = { missing: [], goneBefore: [], controls: [], fieldProblems: new Map() };
  const pages = listSource(context.directory, store.orgId);
  let listing: Listing | null = null;
  while (listing === null) {
    context.checkpoint();
    const next = await pages.next();
    if (next.done) listing = next.value;
    else await planPage(context, { page: next.value, hasKept, notes });
  }
  const { listed } = listing;
  const isSilent = listed.size === 0 && context.directory.tellsRemovals !== true;
  if (isSilent && notes.missing.length + notes.goneBefore.length > 0) {
    throw new RunFailure('empty-listing', 'the source lists nobody, but the store has members', {
      hint: 'Check what the credential may read at the source. No member was changed.',
    });
  }
  warnOfFieldProblems(context, notes);
  return {
    ...listing,
    missing: notes.missing.filter((id) => !listed.has(id)),
    goneBefore: notes.goneBefore.filter((id) => !listed.has(id)).length,
    controls: notes.controls,
  };
}

interface PageNotes {
  readonly missing: string[];
  readonly goneBefore: string[];
  readonly controls: string[];
  readonly fieldProblems: Map<string, number>;
}

async function planPage(
  context: RunContext,
  work: { readonly page: NewUsers; readonly hasKept: boolean; readonly notes: PageNotes },
): Promise<void> {
  const { page, notes } = work;
  const members = await membersOf(context, page, notes);
  const rules = {
    scopeOf: context.scope.fromListing,
    map: (user: Parameters<typeof mapUser>[1]) => mapUser(context.mapping, user),
  };
  const readings: Reading[] = [];
  for (const user of page.users) {
    // One by one: expressions are limited by the clock, so users read at once would use up each other's time.
    readings.push(await readUser(user, rules));
    // Leases and locks are renewed by timers, which a page of slow expressions would hold up.
    if (context.mapping.expressions.length > 0) await setImmediate();
  }
  const standing = await context.standing.of(page.users.map(({ externalId }) => externalId));
  const strangers = readings.filter(({ externalId }) => !members.has(externalId));
  const adoptable = await findAdoptable(context, strangers, work.hasKept);
  const drafts: Draft[] = [];
  for (const reading of readings) {
    const verdict = context.standing.heed(reading.externalId, standing, (barred) =>
      judge(context, reading, { members, adoptable, barred }),
    );
    context.tally.add(verdict.category, verdict.category === 'inScope' && verdict.draft === null);
    if (verdict.draft !== null) drafts.push(verdict.draft);
    noteFieldProblems(notes, reading, verdict);
  }
  await keepDrafts(context, drafts);
  await context.standing.close();
  await forgetAbsences(context, [...members.values()]);
  noteControls(notes, page);
  context.report({ phase: 'listing', done: context.tally.counts.listed, total: page.total });
}

/** Who is listed again is not absent. */
async function forgetAbsences(context: RunContext, members: readonly Member[]): Promise<void> {
  const back = members.filter(({ absence }) => absence !== null);
  if (back.length === 0 || context.run.mode === 'plan') return;
  context.checkpoint();
  await context.members.noteAbsences(back.map(({ id }) => ({ id, absence: null })));
}

/** People from all over the page: one of them alone may be about to leave. */
function noteControls(notes: PageNotes, { users }: NewUsers): void {
  for (const place of [0, 0.5, 1]) {
    const user = users[Math.floor(place * (users.length - 1))];
    const isNew = user !== undefined && !notes.controls.includes(user.externalId);
    if (isNew && notes.controls.length < mostControls) notes.controls.push(user.externalId);
  }
}

function judge(
  context: RunContext,
  reading: Reading,
  known: {
    readonly members: ReadonlyMap<string, Member>;
    readonly adoptable: ReadonlyMap<string, Member>;
    readonly barred: ReadonlySet<string>;
  },
): Verdict {
  const { members, adoptable, barred } = known;
  const adopted = adoptable.get(reading.externalId);
  if (adopted !== undefined && reading.kind === 'in-scope') {
    return planAdoption(context.plan, reading, adopted, barred);
  }
  return planPerson(context.plan, reading, members.get(reading.externalId) ?? null, barred);
}

/** This store's members for a page's users, by source id; notes the others of its id range as missing. */
async function membersOf(
  context: RunContext,
  page: NewUsers,
  notes: PageNotes,
): Promise<ReadonlyMap<string, Member>> {
  const ids = page.users.map(({ externalId }) => externalId);
  if (page.range === null)
    return byExternalId(await context.members.bySourceIds(context.store.id, ids));
  const onPage = new Set(ids);
  const found = new Map<string, Member>();
  const { upTo } = page.range;
  let { after } = page.range;
  if (upTo !== null && upTo === after) return found;
  for (;;) {
    const range = { storeId: context.store.id, after, upTo, limit: memberPageSize };
    const members = await context.members.inIdRange(range);
    for (const member of members) {
      const { externalId } = member;
      if (externalId === null) continue;
      if (onPage.has(externalId)) found.set(externalId, member);
      else (member.inactiveCause === 'gone' ? notes.goneBefore : notes.missing).push(externalId);
    }
    const last = members.at(-1)?.externalId ?? null;
    if (members.length < memberPageSize || last === null) return found;
    after = last;
  }
}

/** Members outside this store that users without a member take over: kept ones, and those added by hand. */
async function findAdoptable(
  context: RunContext,
  strangers: readonly Reading[],
  hasKept: boolean,
): Promise<ReadonlyMap<string, Member>> {
  if (strangers.length === 0) return new Map();
  const found = new Map<string, Member>();
  if (hasKept) {
    const ids = strangers.map(({ externalId }) => externalId);
    for (const member of await context.members.keptFrom(context.plan.origin, ids)) {
      if (member.externalId !== null) found.set(member.externalId, member);
    }
  }
  const claimants = new Map<string, string[]>();
  for (const reading of strangers) {
    if (reading.kind !== 'in-scope' || found.has(reading.externalId)) continue;
    claimants.set(reading.emailKey, [
      ...(claimants.get(reading.emailKey) ?? []),
      reading.externalId,
    ]);
  }
  for (const owner of await context.members.byEmailKeys([...claimants.keys()])) {
    if (!isAdoptable(owner, context.store)) continue;
    for (const externalId of claimants.get(owner.emailKey ?? '') ?? [])
      found.set(externalId, owner);
  }
  return found;
}

function byExternalId(members: readonly Member[]): ReadonlyMap<string, Member> {
  return new Map(members.map((member) => [member.externalId ?? '', member]));
}

function noteFieldProblems(notes: PageNotes, reading: Reading, { category }: Verdict): void {
  if (reading.kind !== 'in-scope' || category === 'skipped') return;
  for (const { field } of reading.fieldProblems) {
    notes.fieldProblems.set(field, (notes.fieldProblems.get(field) ?? 0) + 1);
  }
}

/** Without an example: what an expression says of a person belongs in that person's record alone. */
function warnOfFieldProblems(context: RunContext, notes: PageNotes): void {
  for (const [field, users] of notes.fieldProblems) {
    const whom =
      users === 1 ? '1 user, whose record says why' : `${users} users; each record says why`;
    context.warnings.push(`${field} was left as it was for ${whom}`);
  }
}
