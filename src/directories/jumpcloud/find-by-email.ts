import { emailKeyOf, spellingsOf } from '../../core/email.ts';
import { SourceError } from '../../core/errors.ts';
import type { JsonObject, ListedUser } from '../../core/model/source-user.ts';
import { walkPages } from '../paging/offset-pages.ts';
import { pageLimit } from '../paging/read-ahead.ts';
import { attemptsPerPerson, type JumpCloudApi, pagesOfV1 } from './api.ts';
import { listSchema, readEmail, readUser, readUserId } from './records.ts';

/**
 * All users with this address, ascending by id. JumpCloud's filter compares case-sensitively and may be refused or
 * ignored, so its rows are compared here; when none matches, all users are read.
 */
export async function findByEmail(
  api: JumpCloudApi,
  email: string,
): Promise<readonly ListedUser[]> {
  const wanted = emailKeyOf(email);
  const rows: unknown[] = [];
  for (const spelling of spellingsOf(email)) rows.push(...(await askFilter(api, spelling)));
  const filtered = withKey(rows, wanted);
  const found = filtered.length > 0 ? filtered : await searchAll(api, wanted);
  return found.toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1));
}

/** The rows that the filter returns; none when it is refused or fails. */
async function askFilter(api: JumpCloudApi, email: string): Promise<readonly unknown[]> {
  try {
    return await api.get({
      route: '/api/systemusers',
      query: { filter: `email:$eq:${email}`, sort: '_id', limit: pageLimit },
      maxAttempts: attemptsPerPerson,
      read: (body) => listSchema.safeParse(body).data?.results,
    });
  } catch (error) {
    const concernsFilter =
      error instanceof SourceError && (error.kind === 'fatal' || error.code === 'user-failed');
    if (concernsFilter) return [];
    throw error;
  }
}

async function searchAll(api: JumpCloudApi, wanted: string): Promise<readonly ListedUser[]> {
  const found: ListedUser[] = [];
  let seen = 0;
  const pages = walkPages({
    fetchPage: pagesOfV1(api, { route: '/api/systemusers' }),
    idOf: readUserId,
    sorted: true,
    present: ({ rows, withoutId }) => ({
      found: withKey(rows, wanted),
      seen: rows.length + withoutId,
    }),
  });
  for (;;) {
    const next = await pages.next();
    if (next.done) {
      if (found.length === 0) requireWhole(next.value.broken, seen, next.value.totalAfter);
      return found;
    }
    found.push(...next.value.found);
    seen += next.value.seen;
  }
}

/** Throws for a list with gaps: a user missing from it may be in the directory. */
function requireWhole(broken: string | null, seen: number, total: number): void {
  if (broken === null && seen >= total) return;
  const why = broken ?? `it showed ${seen} of ${total}`;
  throw new SourceError(
    'retriable',
    'source-failed',
    `JumpCloud does not list its users whole: ${why}`,
  );
}

/** The users with this address, by their rows. An unreadable record counts too. */
function withKey(rows: readonly unknown[], wanted: string): readonly ListedUser[] {
  return rows.flatMap((row) => {
    const externalId = readUserId(row);
    if (externalId === null) return [];
    const email = readEmail(row as JsonObject);
    return email !== null && emailKeyOf(email) === wanted ? [readUser(externalId, row)] : [];
  });
}
