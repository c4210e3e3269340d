import { inspect } from 'node:util';
import { Cancelled, SourceError } from '../../../src/core/errors.ts';
import { directoryKinds } from '../../../src/core/model/store.ts';
import type { SourceDirectory, WalkEnd } from '../../../src/ports/directory.ts';
import { type Misbehaviour, type SourceUnderTest, startSource } from './sources.ts';

async function walk(directory: SourceDirectory) {
  const ids: string[] = [];
  const pages = directory.walkUsers();
  for (;;) {
    const next = await pages.next();
    if (next.done) return { ids, end: next.value satisfies WalkEnd };
    ids.push(...next.value.users.map(({ externalId }) => externalId));
  }
}

async function failureOf(promise: Promise<unknown>): Promise<SourceError> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

describe.each(directoryKinds)('the directory %s', (kind) => {
  let source: SourceUnderTest;
  beforeEach(async () => {
    source = await startSource[kind]({ users: 250 });
  });
  afterEach(() => source.close());

  it('tells the organizations the credential sees', async () => {
    const organizations = await source.connect().organizations();
    expect(organizations.map(({ id }) => id)).toEqual([source.organizationId]);
  });

  it('makes no request before it is asked something', () => {
    source.connect();
    expect(source.requestCount()).toBe(0);
  });

  it('walks over everybody in order, each once', async () => {
    const { ids, end } = await walk(source.connect());
    expect(ids).toEqual(source.ids());
    expect(end).toMatchObject({ broken: null, totalBefore: 250, totalAfter: 250 });
    expect(end.requests).toBe(source.requestCount());
  });

  it('walks over an empty directory', async () => {
    for (const id of source.ids()) source.remove(id);
    const { ids, end } = await walk(source.connect());
    expect(ids).toEqual([]);
    expect(end).toMatchObject({ broken: null, totalAfter: 0 });
  });

  it('gives the same person by id as in the listing', async () => {
    const directory = source.connect();
    const first = await directory.walkUsers().next();
    const [listed] = first.done ? [] : first.value.users;
    await expect(directory.getUser(listed?.externalId ?? '')).resolves.toEqual({
      found: true,
      user: listed,
    });
  });

  it('says that somebody is not there, only in the source’s own words', async () => {
    const [gone = '', present = ''] = source.ids();
    source.remove(gone);
    const directory = source.connect();
    await expect(directory.getUser(gone)).resolves.toEqual({ found: false });
    source.misbehave('page for 404 by id');
    expect((await failureOf(directory.getUser(gone))).code).toBe('user-failed');
    expect((await failureOf(directory.getUser(present))).code).toBe('user-failed');
  });

  it('finds somebody by e-mail with one request, and gives the same person as by id', async () => {
    const [, wanted = ''] = source.ids();
    const directory = source.connect();
    const found = await directory.findByEmail(source.emailOf(wanted));
    expect(source.requestCount()).toBe(1);
    expect(found.map(({ externalId }) => externalId)).toEqual([wanted]);
    await expect(directory.getUser(wanted)).resolves.toEqual({ found: true, user: found[0] });
  });

  it.each<Misbehaviour | 'other letters'>([
    'other letters',
    'refused searches',
    'ignored searches',
  ])('finds somebody by e-mail despite %s, whatever the case', async (trouble) => {
    if (trouble !== 'other letters') source.misbehave(trouble);
    const last = source.ids().at(-1) ?? '';
    const directory = source.connect();
    const found = await directory.findByEmail(source.emailOf(last).toUpperCase());
    expect(found.map(({ externalId }) => externalId)).toEqual([last]);
    await expect(directory.findByEmail('nobody@nowhere.example')).resolves.toEqual([]);
  });

  it('does not say that nobody has an address when it may not have seen everybody', async () => {
    source.misbehave('withheld rows');
    const error = await failureOf(source.connect().findByEmail('nobody@nowhere.example'));
    expect(error.code).toBe('source-failed');
    source.misbehave('forbidden');
    expect((await failureOf(source.connect().findByEmail('a@b.example'))).kind).toBe('auth');
  });

  it('finds groups by name and id, and who is in them', async () => {
    const directory = source.connect();
    const { id, name, members } = source.group();
    const resolved = await directory.resolveGroups([name, id]);
    expect([...resolved.values()]).toEqual([id, id]);
    const found: string[] = [];
    for await (const page of directory.walkGroupMembers(id)) found.push(...page);
    expect(found.toSorted()).toEqual([...members].sort());
    await expect(directory.groupsOf(members[0] ?? '')).resolves.toContain(id);
    const outsider = source.ids().find((person) => !members.includes(person)) ?? '';
    await expect(directory.groupsOf(outsider)).resolves.not.toContain(id);
  });

  it('says which group is missing, and which was probably meant', async () => {
    const { name } = source.group();
    const error = await failureOf(source.connect().resolveGroups([`${name}x`]));
    expect(error).toMatchObject({ kind: 'fatal', code: 'group-missing' });
    expect(error.message).toContain(`Did you mean ${name}?`);
  });

  it('owns up to a wrong key at the first request, without repeating it', async () => {
    const wrong = 'wrong-key-0123456789';
    const error = await failureOf(source.connect({ key: wrong }).organizations());
    expect(error).toMatchObject({ kind: 'auth', code: 'source-auth' });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(wrong);
    expect(source.requestCount()).toBe(1);
  });

  it.each<Misbehaviour>(['sign-in page', 'redirect', 'forbidden'])(
    'takes a %s for a refused credential, without repeating the request',
    async (misbehaviour) => {
      source.misbehave(misbehaviour);
      const directory = source.connect();
      expect((await failureOf(directory.organizations())).kind).toBe('auth');
      expect(source.requestCount()).toBe(1);
      expect((await failureOf(walk(directory))).kind).toBe('auth');
      expect((await failureOf(directory.getUser(source.ids()[0] ?? ''))).kind).toBe('auth');
    },
  );

  it.each<[Misbehaviour, SourceError['kind']]>([
    ['always 500', 'retriable'],
    ['always 429', 'rate-limited'],
    ['resets', 'retriable'],
    ['truncated answers', 'retriable'],
    ['malformed answers', 'retriable'],
    ['silence', 'retriable'],
  ])('gives up on %s when the retry budget is spent', async (misbehaviour, kindOfError) => {
    source.misbehave(misbehaviour);
    const error = await failureOf(walk(source.connect({ retryBudgetMs: 150 })));
    expect(error).toMatchObject({ kind: kindOfError, code: 'source-failed' });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(source.secret);
  });

  it('gets over failures now and then', async () => {
    source.misbehave('now and then 500');
    const { ids, end } = await walk(source.connect());
    expect(ids).toEqual(source.ids());
    expect(end.broken).toBeNull();
    expect(end.requests).toBeGreaterThan(end.pages);
  });

  it('gives up on one person whose record fails, long before the budget', async () => {
    source.misbehave('500 by id');
    const error = await failureOf(
      source.connect({ retryBudgetMs: 600_000 }).getUser(source.ids()[0] ?? ''),
    );
    expect(error.kind).toBe('retriable');
    expect(source.requestCount()).toBeLessThan(10);
  });

  it('stops at once when told to', async () => {
    source.misbehave('silence');
    const controller = new AbortController();
    const directory = source.connect({ signal: controller.signal });
    const asking = [
      walk(directory),
      directory.getUser(source.ids()[0] ?? ''),
      directory.organizations(),
    ];
    controller.abort();
    for (const { status, reason } of (await Promise.allSettled(
      asking,
    )) as PromiseRejectedResult[]) {
      expect(status).toBe('rejected');
      expect(reason).toBeInstanceOf(Cancelled);
    }
  });
});
