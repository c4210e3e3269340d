import { SourceError } from '../../core/errors.ts';
import { IdSet } from '../../core/id-set.ts';
import type { Certificate } from '../../core/model/run.ts';
import { isUnreadable, type ListedUser } from '../../core/model/source-user.ts';
import type { ListedPage, SourceDirectory, WalkEnd } from '../../ports/directory.ts';

const mostWalks = 3;

/** Users that no earlier page of this listing held, with the place in the id order they came from. */
export interface NewUsers {
  readonly users: readonly ListedUser[];
  /**
   * The id range `(after, upTo]` that this page covers, on the first walk while ids ascend: a user in it that is not
   * on the page was not listed. Null otherwise. `upTo` null: no upper end.
   */
  readonly range: { readonly after: string | null; readonly upTo: string | null } | null;
  /** The total the source states, for progress. */
  readonly total: number;
}

export interface Listing {
  readonly certificate: Certificate;
  /** The ids listed on any walk. */
  readonly listed: IdSet;
  /** Why the listing proves no absence; null when the certificate is complete. */
  readonly incompleteReason: string | null;
  /** The offsets of rows for which the source gave no answer. */
  readonly unreadable: readonly number[];
}

/**
 * Lists all users of the source and certifies the listing: it is complete when, on one walk, every seam between pages
 * matched, ids ascended, and the distinct ids and rows without an id make up the last total stated. An incomplete
 * listing is walked again, up to three times; each user is yielded once.
 * Throws `SourceError` `other-organization` when a record names another organization.
 */
export async function* listSource(
  directory: Pick<SourceDirectory, 'walkUsers'>,
  orgId: string,
): AsyncGenerator<NewUsers, Listing> {
  const listed = new IdSet();
  let pages = 0;
  let requests = 0;
  for (let walks = 1; ; walks += 1) {
    const walk = yield* walkOnce({ directory, orgId, listed, isFirst: walks === 1 });
    pages += walk.end.pages;
    requests += walk.end.requests;
    const incompleteReason = incompleteReasonOf(walk);
    if (incompleteReason !== null && walks < mostWalks && walk.inOrder) continue;
    const { totalBefore, totalAfter } = walk.end;
    const { distinct, withoutId: problems } = walk;
    return {
      certificate: {
        complete: incompleteReason === null,
        totalBefore,
        totalAfter,
        distinct,
        problems,
        pages,
        requests,
        walks,
      },
      listed,
      incompleteReason,
      unreadable: walk.end.unreadable ?? [],
    };
  }
}

/** Joins pages of one range until they have `size` users; yields the same users in the same order. */
export async function* inBatches(
  pages: AsyncGenerator<NewUsers, Listing>,
  size: number,
): AsyncGenerator<NewUsers, Listing> {
  let batch: NewUsers | null = null;
  for (;;) {
    const next = await pages.next();
    const joined: NewUsers | null = next.done ? null : join(batch, next.value);
    if (batch !== null && joined === null) yield batch;
    if (next.done) return next.value;
    batch = joined ?? next.value;
    if (batch.users.length < size) continue;
    yield batch;
    batch = null;
  }
}

/** Null when the two do not cover one range. */
function join(batch: NewUsers | null, page: NewUsers): NewUsers | null {
  if (batch === null) return page;
  if (batch.range === null || page.range === null) return null;
  return {
    users: [...batch.users, ...page.users],
    range: { after: batch.range.after, upTo: page.range.upTo },
    total: page.total,
  };
}

const disorder = 'the source does not sort by id';

interface Walk {
  readonly end: WalkEnd;
  readonly distinct: number;
  readonly withoutId: number;
  readonly inOrder: boolean;
}

function incompleteReasonOf({ end, distinct, withoutId, inOrder }: Walk): string | null {
  if (!inOrder) return disorder;
  if (end.broken !== null) return end.broken;
  if (distinct + withoutId >= end.totalAfter) return null;
  return `the source states ${end.totalAfter} users and listed ${distinct + withoutId}`;
}

async function* walkOnce(walk: {
  readonly directory: Pick<SourceDirectory, 'walkUsers'>;
  readonly orgId: string;
  readonly listed: IdSet;
  readonly isFirst: boolean;
}): AsyncGenerator<NewUsers, Walk> {
  const { listed, isFirst } = walk;
  let after: string | null = null;
  let distinct = 0;
  let withoutId = 0;
  let inOrder = true;
  let total = 0;
  const pages = walk.directory.walkUsers();
  for (;;) {
    const next = await pages.next();
    if (next.done) {
      if (isFirst && inOrder) yield { users: [], range: { after, upTo: null }, total };
      return { end: next.value, distinct, withoutId, inOrder };
    }
    const page: ListedPage = next.value;
    checkOrganization(page.users, walk.orgId);
    distinct += page.users.length;
    withoutId += page.withoutId;
    inOrder &&= page.inOrder;
    total = page.total;
    const users = page.users.filter(({ externalId }) => listed.add(externalId));
    const upTo: string | null = page.users.at(-1)?.externalId ?? after;
    if (users.length > 0 || isFirst) {
      yield { users, range: isFirst && inOrder ? { after, upTo } : null, total };
    }
    after = upTo;
  }
}

/** Refuses users that say they belong to another organization. */
export function checkOrganization(users: readonly ListedUser[], orgId: string): void {
  const foreign = users.find(
    (user) => !isUnreadable(user) && user.orgId !== null && user.orgId !== orgId,
  );
  if (foreign === undefined || isUnreadable(foreign)) return;
  throw new SourceError(
    'auth',
    'other-organization',
    `the source lists users of organization ${foreign.orgId}; this store follows ${orgId}`,
    {
      hint: 'Check the store’s credential: it reads another organization than the one it was set up with.',
    },
  );
}
