import type { Answer, ApiRequest, Handler } from '../api/answer.ts';
import type { Directory } from '../directory/directory.ts';
import type { SystemUser } from '../directory/system-user.ts';

/** What a fault may look at and change besides the request in its hands. */
export interface FaultWorld {
  /** The organization's directory. */
  readonly directory: Directory;
  /** The API as it would answer for another directory. */
  readonly apiOf: (directory: Directory) => Handler;
  /** The `N` of `name=N`, or the fault's default. */
  readonly amount: number;
}

export interface Fault {
  /** One line for help texts. */
  readonly description: string;
  /** What `N` in `name=N` means for this fault, and what it is when not given. */
  readonly amount?: { readonly meaning: string; readonly otherwise: number };
  /** Wraps the API. Called once when the fault is set: counters and victims live in its closure. */
  readonly wrap: (handle: Handler, world: FaultWorld) => Handler;
}

/** A page of a listing of users. */
export interface UserPage {
  readonly rows: readonly SystemUser[];
  readonly total: number;
}

interface Window {
  readonly limit: number;
  readonly skip: number;
}

export function isUserListing({ path }: ApiRequest): boolean {
  return path === '/api/systemusers' || path === '/api/search/systemusers';
}

export function isUserById({ path }: ApiRequest): boolean {
  return path.startsWith('/api/systemusers/');
}

/** The page that a request asks for, where it isn't refused. */
export function windowOf({ query }: ApiRequest): Window {
  return { limit: Number(query.get('limit') ?? 10), skip: Number(query.get('skip') ?? 0) };
}

/** The same request with other query parameters; null takes one away. */
export function withQuery(
  request: ApiRequest,
  changes: Readonly<Record<string, string | number | null>>,
): ApiRequest {
  const query = new URLSearchParams(request.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, String(value));
  }
  return { ...request, query };
}

/** The page in an answer; null when the answer is none. */
export function pageIn({ status, body }: Answer): UserPage | null {
  if (status !== 200 || body.kind !== 'json') return null;
  const { results, totalCount } = body.value as { results: SystemUser[]; totalCount: number };
  return { rows: results, total: totalCount };
}

/** The answer with another page in it. */
export function withPage(answer: Answer, { rows, total }: UserPage): Answer {
  return { ...answer, body: { kind: 'json', value: { results: rows, totalCount: total } } };
}

/** Makes a fault that changes each page of a user listing. */
export function changePages(change: (page: UserPage, request: ApiRequest) => UserPage) {
  return (handle: Handler): Handler =>
    (request) => {
      const answer = handle(request);
      const page = isUserListing(request) ? pageIn(answer) : null;
      return page === null ? answer : withPage(answer, change(page, request));
    };
}

/** Makes a fault that changes one person's record, in listings and, if asked, by id. */
export function changeRecord(
  change: (user: SystemUser) => object,
  { alsoById }: { alsoById: boolean },
): Fault['wrap'] {
  return (handle, { directory, amount }) => {
    const victim = directory.ids[Math.min(amount, directory.size - 1)];
    const changed = (user: SystemUser) =>
      user._id === victim ? (change(user) as SystemUser) : user;
    const listed = changePages(({ rows, total }) => ({ rows: rows.map(changed), total }))(handle);
    return (request) => {
      const answer = listed(request);
      const { body } = answer;
      const isRecord = alsoById && isUserById(request) && answer.status === 200;
      if (!isRecord || body.kind !== 'json') return answer;
      return { ...answer, body: { kind: 'json', value: changed(body.value as SystemUser) } };
    };
  };
}

/** Makes a fault that answers in place of the API, where it applies. */
export function answerInstead(
  applies: (request: ApiRequest) => boolean,
  answer: (request: ApiRequest) => Answer,
): Fault['wrap'] {
  return (handle) => (request) => (applies(request) ? answer(request) : handle(request));
}
