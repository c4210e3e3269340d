import { emailKeyOf, spellingsOf } from '../../core/email.ts';
import { SourceError } from '../../core/errors.ts';
import type { JsonObject, ListedUser } from '../../core/model/source-user.ts';
import { walkPages } from '../paging/offset-pages.ts';
import { pageLimit } from '../paging/read-ahead.ts';
import { attemptsPerPerson, type JumpCloudApi, pagesOfV1 } from './api.ts';
import { listSchema, readEmail, readUser, readUserId } from './records.ts';

/**
 * All users with this address, ascending by id. One search asks for it, in each of its spellings, and for the address of
 * a `known` user. A search may be refused, ignored, or answered empty: when it shows neither the address nor the known
 * user, or fewer than it counts, all users are read.
 */
export async function findByEmail(
  api: JumpCloudApi,
  email: string,
  known: string | null,
): Promise<readonly ListedUser[]> {
  const wanted = emailKeyOf(email);
  const { rows, isWhole } = await search(api, [
    ...spellingsOf(email),
    ...(known === null ? [] : [known]),
  ]);
  const shown = withKey(rows, wanted);
  const isProof = isWhole && known !== null && withKey(rows, emailKeyOf(known)).length > 0;
  const found = shown.length > 0 || isProof ? shown : await searchAll(api, wanted);
  return found.toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1));
}

interface Found {
  readonly rows: readonly unknown[];
  readonly isWhole: boolean;
}

/** The users whose address contains one of the texts, in any case; none when the search is refused or fails. */
async function search(api: JumpCloudApi, texts: readonly string[]): Promise<Found> {
  const terms = texts.map((text, at) => [`search[searchTerm][${at}]`, text] as const);
  try {
    return await api.get({
      route: '/api/systemusers',
      query: {
        ...Object.fromEntries(terms),
        'search[fields][0]': 'email',
        sort: '_id',
        limit: pageLimit,
      },
      maxAttempts: attemptsPerPerson,
      read(body) {
        const list = listSchema.safeParse(body).data;
        return list && { rows: list.results, isWhole: list.results.length >= list.totalCount };
      },
    });
  } catch (error) {
    const concernsSearch =
      error instanceof SourceError && (error.kind === 'fatal' || error.code === 'user-failed');
    if (concernsSearch) return { rows: [], isWhole: false };
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
