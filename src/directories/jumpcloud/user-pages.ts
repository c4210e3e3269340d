import type { KnownPage, KnownUser } from '../../core/model/known-page.ts';
import { isUnreadable, type ListedUser, type SourceUser } from '../../core/model/source-user.ts';
import type { PageRecall } from '../../ports/directory.ts';
import { pageLimit, pageStep } from '../paging/offset-pages.ts';
import type { FetchPage, SourcePage } from '../paging/read-ahead.ts';
import type { JumpCloudApi } from './api.ts';
import { listSchema, readUser, readUserId } from './records.ts';

/** A row of the list of users; null when its id can't be read. */
type UserRow = ListedUser | null;

/** Pages of all users. One that is known by its bytes is parsed only once more is asked of one of its users. */
export function pagesOfUsers(api: JumpCloudApi, recall?: PageRecall): FetchPage<UserRow> {
  return async ({ skip, signal, onAttempt }) => {
    // Pages in between, read to mend a seam, are hardly met again.
    const memory = skip % pageStep === 0 ? recall : undefined;
    const known = (await memory?.at(skip)) ?? null;
    let hash: string | null = null;
    return api.get({
      route: '/api/systemusers',
      query: { sort: '_id', limit: pageLimit, skip },
      signal,
      onAttempt,
      recall: (bytes) => {
        const stated = memory && findTotal(bytes);
        hash = stated ? memory.hashOf(stated.others) : null;
        return stated && known?.hash === hash ? recallPage(known, bytes, stated.total) : undefined;
      },
      read: (body) => {
        const page = readPage(body);
        return page && { ...page, ...(hash !== null && learnable(page, { skip, hash })) };
      },
    });
  };
}

const reach = 64;
const totalFirst = /^\s*\{\s*"totalCount"\s*:\s*(\d{1,9})\s*,/d;
const totalLast = /,\s*"totalCount"\s*:\s*(\d{1,9})\s*\}\s*$/d;

/**
 * The total that a page states first or last, as JumpCloud's do, and its bytes without that: every page has another
 * when somebody comes or leaves. Undefined when it stands in neither place, or in both.
 */
function findTotal(
  bytes: Buffer,
): { readonly total: number; readonly others: readonly Buffer[] } | undefined {
  const tailAt = Math.max(0, bytes.length - reach);
  const first = totalFirst.exec(bytes.toString('latin1', 0, reach));
  const last = totalLast.exec(bytes.toString('latin1', tailAt));
  const digits = (first ?? last)?.indices?.[1];
  if (digits === undefined || (first !== null && last !== null)) return undefined;
  const [start, end] = digits.map((at) => at + (first === null ? tailAt : 0)) as [number, number];
  return {
    total: Number(bytes.toString('latin1', start, end)),
    others: [bytes.subarray(0, start), bytes.subarray(end)],
  };
}

/** Undefined when it is no page of users. */
function readPage(body: unknown): SourcePage<UserRow> | undefined {
  const list = listSchema.safeParse(body).data;
  return list && { rows: list.results.map(readRow), total: list.totalCount };
}

function readRow(row: unknown): UserRow {
  const externalId = readUserId(row);
  return externalId === null ? null : readUser(externalId, row);
}

/** What to learn a page by; nothing where some row can't be read. */
function learnable(
  { rows }: SourcePage<UserRow>,
  at: { readonly skip: number; readonly hash: string },
): Pick<SourcePage<UserRow>, 'read'> {
  const users = rows.filter(isReadable);
  if (users.length < rows.length) return {};
  return { read: { ...at, ids: users.map(({ externalId }) => externalId) } };
}

function isReadable(row: UserRow): row is SourceUser {
  return row !== null && !isUnreadable(row);
}

function recallPage({ users }: KnownPage, bytes: Buffer, total: number): SourcePage<UserRow> {
  let rows: ReadonlyMap<string, SourceUser> | null = null;
  const userOf = (externalId: string): SourceUser => {
    rows ??= parsePage(bytes);
    const user = rows.get(externalId);
    if (user === undefined) throw new Error(`a known page does not hold user ${externalId}`);
    return user;
  };
  return { rows: users.map((known) => new KnownSourceUser(known, userOf)), total };
}

function parsePage(bytes: Buffer): ReadonlyMap<string, SourceUser> {
  const { rows = [] } = readPage(JSON.parse(new TextDecoder().decode(bytes))) ?? {};
  return new Map(rows.filter(isReadable).map((user) => [user.externalId, user]));
}

/** A user of a known page, read when more is asked of them than what is known. */
class KnownSourceUser implements SourceUser {
  readonly externalId: string;
  readonly known: KnownUser;
  readonly #userOf: (externalId: string) => SourceUser;

  constructor(known: KnownUser, userOf: (externalId: string) => SourceUser) {
    this.externalId = known.externalId;
    this.known = known;
    this.#userOf = userOf;
  }

  get state(): SourceUser['state'] {
    return this.#user.state;
  }
  get orgId(): SourceUser['orgId'] {
    return this.#user.orgId;
  }
  get record(): SourceUser['record'] {
    return this.#user.record;
  }
  get custom(): SourceUser['custom'] {
    return this.#user.custom;
  }

  get #user(): SourceUser {
    return this.#userOf(this.externalId);
  }
}
