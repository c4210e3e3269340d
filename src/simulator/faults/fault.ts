import type { Answer, ApiRequest, Handler } from '../api/answer.ts';
import type { Directory } from '../directory/directory.ts';
import type { Random } from '../directory/random.ts';
import type { SystemUser } from '../directory/system-user.ts';

/** The kind of a fault, by the way a client must treat it. */
export type FaultKind = 'refuses' | 'fails' | 'lies' | 'odd';

/** What a fault may read and change besides its request. */
export interface FaultWorld {
  /** The organization's directory. */
  readonly directory: Directory;
  /** The API for another directory. */
  readonly apiOf: (directory: Directory) => Handler;
  /** The `N` of `name=N`, or the fault's default. */
  readonly amount: number;
  /** This fault's own generator: the same numbers for the same seed, whatever other faults are set. */
  readonly random: Random;
}

export interface Fault {
  readonly kind: FaultKind;
  /** One line for help texts. */
  readonly description: string;
  /** What `N` in `name=N` means for this fault, and what it is when not given. */
  readonly amount?: { readonly meaning: string; readonly otherwise: number };
  /** Wraps the API. Called once when the fault is set: counters and chosen users are stored in its closure. */
  readonly wrap: (handle: Handler, world: FaultWorld) => Handler;
}

/** A fault as a list of faults states it: its kind where that is not the kind of the list. */
type ListedFault = Omit<Fault, 'kind'> & Partial<Pick<Fault, 'kind'>>;

/** A list of faults by name, of this kind unless a fault states another. */
export function faultsOfKind(
  kind: FaultKind,
  faults: Readonly<Record<string, ListedFault>>,
): Readonly<Record<string, Fault>> {
  const named = Object.entries(faults);
  return Object.fromEntries(named.map(([name, fault]) => [name, { kind, ...fault }]));
}

/** What `N` means for faults of one user. */
export const position = {
  meaning: "the person's place in the order of ids, from 0",
  otherwise: 3,
};

/** A user as a listing has them; null where another fault leaves all users out. */
export type UserRow = SystemUser | null;

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

export function always(): boolean {
  return true;
}

export function isUserListing({ path }: ApiRequest): boolean {
  return /^\/api\/(search\/)?systemusers\/?$/.test(path);
}

export function isUserById({ path }: ApiRequest): boolean {
  return /^\/api\/systemusers\/[^/]/.test(path);
}

/** The names of the query parameters that filter a listing: `filter`, `filter[0]`, `filter[or][0]`. */
export function filterNames({ query }: ApiRequest): readonly string[] {
  return [...query.keys()].filter((name) => name.startsWith('filter'));
}

/** The page that a request asks for, unless it is refused. */
export function windowOf({ query }: ApiRequest): { limit: number; skip: number } {
  return { limit: Number(query.get('limit') ?? 10), skip: Number(query.get('skip') ?? 0) };
}

/** The same request with other query parameters; null removes one. */
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

/** What a changed page depends on: its request, the fault's amount and generator, the directory. */
interface PageAsked extends FaultWorld {
  readonly request: ApiRequest;
}

/** Makes a fault that changes each page of a user listing. */
export function changePages(
  change: (page: Page<UserRow>, asked: PageAsked) => Page<UserRow>,
): Fault['wrap'] {
  return (handle, world) => (request) => {
    const answer = handle(request);
    const { status, body } = answer;
    if (!isUserListing(request) || status !== 200 || body.kind !== 'json') return answer;
    const { results, totalCount } = body.value as { results: UserRow[]; totalCount: number };
    const { rows, total } = change({ rows: results, total: totalCount }, { ...world, request });
    return { ...answer, body: { kind: 'json', value: { results: rows, totalCount: total } } };
  };
}

/** Makes a fault that changes each page of v2's bare lists, whose total is in a header. */
export function changeBareLists(
  change: (page: Page<unknown>, asked: PageAsked) => Page<unknown>,
): Fault['wrap'] {
  return (handle, world) => (request) => {
    const answer = handle(request);
    const { headers, body } = answer;
    const stated = headers['x-total-count'];
    if (stated === undefined || body.kind !== 'json' || !Array.isArray(body.value)) return answer;
    const page = { rows: body.value, total: Number(stated) };
    const { rows, total } = change(page, { ...world, request });
    return {
      ...answer,
      headers: { ...headers, 'x-total-count': String(total) },
      body: { kind: 'json', value: rows },
    };
  };
}

/** The rows of a page up to the fault's amount, counted from the first row of the listing. */
export function firstRows<Row>(
  rows: readonly Row[],
  { request, amount }: Pick<PageAsked, 'request' | 'amount'>,
): readonly Row[] {
  return rows.slice(0, Math.max(0, amount - windowOf(request).skip));
}

interface RecordChange {
  /** Whether it is changed by id too, which is the default, or only in listings. */
  readonly alsoById?: boolean;
  /** The index of the user, from 0 in the order of ids; the fault's amount unless given. */
  readonly place?: number;
}

/** Makes a fault that changes one user's record. */
export function changeRecord(
  change: (user: SystemUser) => object,
  { alsoById = true, place }: RecordChange = {},
): Fault['wrap'] {
  return (handle, world) => {
    const victim = personAt(world.directory, place ?? world.amount);
    const changed = <Row extends UserRow>(user: Row) =>
      user !== null && user._id === victim ? (change(user) as Row) : user;
    const changeRows = changePages(({ rows, total }) => ({ rows: rows.map(changed), total }));
    const listed = changeRows(handle, world);
    return (request) => {
      const answer = listed(request);
      const { body } = answer;
      const isRecord = alsoById && isUserById(request) && answer.status === 200;
      if (!isRecord || body.kind !== 'json') return answer;
      return { ...answer, body: { kind: 'json', value: changed(body.value as SystemUser) } };
    };
  };
}

/** The id at this index, or the last one; null when there are no users. */
export function personAt({ ids }: Directory, place: number): string | undefined {
  return ids[Math.min(place, ids.length - 1)];
}

/** Makes a fault that answers in place of the API, where it applies. */
export function answerInstead(
  applies: (request: ApiRequest) => boolean,
  answer: (request: ApiRequest) => Answer,
): Fault['wrap'] {
  return (handle) => (request) => (applies(request) ? answer(request) : handle(request));
}

/** Makes a fault that answers every Nth request in its own way, of those that it applies to. */
export function everyNth(
  answer: (request: ApiRequest, handle: Handler) => Answer,
  applies: (request: ApiRequest) => boolean = always,
): Fault['wrap'] {
  return (handle, { amount }) => {
    let count = 0;
    return (request) => {
      if (!applies(request)) return handle(request);
      count += 1;
      return count % amount === 0 ? answer(request, handle) : handle(request);
    };
  };
}

/** Draws lots: true in this many cases of a hundred. */
export function isDrawn({ amount, random }: Pick<FaultWorld, 'amount' | 'random'>): boolean {
  return random() * 100 < amount;
}
