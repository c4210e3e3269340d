import { inspect } from 'node:util';
import { Cancelled, SourceError } from '../../../src/core/errors.ts';
import { directories } from '../../../src/directories/index.ts';
import { askByIds } from '../../../src/sync/source/ask-by-id.ts';
import { describeDirectory, walk } from '../ports/directory.ts';
import { type Misbehaviour, type SourceUnderTest, startSource } from './source-under-test.ts';

async function failureOf(promise: Promise<unknown>): Promise<SourceError> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

describe.each(directories.kinds)('the directory %s without faults', (kind) => {
  describeDirectory(() => startSource(kind, 250));
});

describe.each(directories.kinds)('the directory %s', (kind) => {
  let source: SourceUnderTest;
  beforeEach(async () => {
    source = await startSource(kind, 250);
  });
  afterEach(() => source.close());

  it('makes no request before the first question', () => {
    source.connect();
    expect(source.requestCount()).toBe(0);
  });

  it('counts the requests of a listing', async () => {
    const { end } = await walk(source.connect());
    expect(end.requests).toBe(source.requestCount());
  });

  it('proves nothing by pages that say 404 for all users', async () => {
    const [gone = '', present = '', control = ''] = source.ids();
    source.remove(gone);
    const directory = source.connect();
    source.misbehave('page for 404 by id');
    const answers = askByIds([gone, present], { directory, controls: [control] });
    for await (const { answer } of answers) expect(answer.is).toBe('unknown');
  });

  it('proves by two answers that a user is gone, and by one that a user is there', async () => {
    const [gone = '', present = '', control = ''] = source.ids();
    source.remove(gone);
    const found: string[] = [];
    const asking = { directory: source.connect(), controls: [control] };
    for await (const { answer } of askByIds([gone, present], asking)) found.push(answer.is);
    expect(found).toEqual(['gone', 'present']);
  });

  it.each<Misbehaviour>(['ignored searches', 'empty searches'])(
    'proves nothing by id with %s',
    async (misbehaviour) => {
      const [gone = '', control = ''] = source.ids();
      source.remove(gone);
      source.misbehave(misbehaviour);
      const asking = { directory: source.connect(), controls: [control] };
      for await (const { answer } of askByIds([gone], asking)) expect(answer.is).toBe('unknown');
    },
  );

  it('finds a user by e-mail with one request', async () => {
    const [, wanted = ''] = source.ids();
    await source.connect().findByEmail(source.emailOf(wanted));
    expect(source.requestCount()).toBe(1);
  });

  it.each<Misbehaviour>(['refused searches', 'ignored searches'])(
    'finds a user by e-mail despite %s, in any case of letters',
    async (misbehaviour) => {
      source.misbehave(misbehaviour);
      const last = source.ids().at(-1) ?? '';
      const directory = source.connect();
      const found = await directory.findByEmail(source.emailOf(last).toUpperCase());
      expect(found.map(({ externalId }) => externalId)).toEqual([last]);
      await expect(directory.findByEmail('nobody@nowhere.example')).resolves.toEqual([]);
    },
  );

  it('does not say that an address is unknown when it may not have seen all users', async () => {
    source.misbehave('withheld rows');
    const error = await failureOf(source.connect().findByEmail('nobody@nowhere.example'));
    expect(error.code).toBe('source-failed');
    source.misbehave('forbidden');
    expect((await failureOf(source.connect().findByEmail('a@b.example'))).kind).toBe('forbidden');
  });

  it('suggests the closest name for a missing group', async () => {
    const { name } = source.group();
    const error = await failureOf(source.connect().resolveGroups([`${name}x`]));
    expect(error.message).toContain(`Did you mean ${name}?`);
  });

  it('reports a wrong key at the first request, without repeating it', async () => {
    const wrong = 'wrong-key-0123456789';
    const error = await failureOf(source.connect({ key: wrong }).organizations());
    expect(error).toMatchObject({ kind: 'auth', code: 'source-auth' });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(wrong);
    expect(source.requestCount()).toBe(1);
  });

  it('takes a redirect to the sign-in page as a refused credential, without repeating the request', async () => {
    source.misbehave('redirect');
    const directory = source.connect();
    expect((await failureOf(directory.organizations())).kind).toBe('auth');
    expect(source.requestCount()).toBe(1);
    expect((await failureOf(walk(directory))).kind).toBe('auth');
    expect((await failureOf(directory.getUser(source.ids()[0] ?? ''))).kind).toBe('auth');
  });

  it('asks a source that forbids everything fewer than 20 times', async () => {
    source.misbehave('forbidden');
    const directory = source.connect();
    expect((await failureOf(directory.organizations())).kind).toBe('forbidden');
    expect((await failureOf(walk(directory))).kind).toBe('forbidden');
    const asked = source.ids().map((id) => directory.getUser(id));
    expect((await Promise.allSettled(asked)).every(({ status }) => status === 'rejected')).toBe(
      true,
    );
    expect(source.requestCount()).toBeLessThan(20);
  });

  it.each<[Misbehaviour, SourceError['kind']]>([
    ['always 500', 'retriable'],
    ['sign-in page', 'retriable'],
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

  it('recovers from occasional failures', async () => {
    source.misbehave('now and then 500');
    const { ids, end } = await walk(source.connect());
    expect(ids).toEqual(source.ids());
    expect(end.broken).toBeNull();
    expect(end.requests).toBeGreaterThan(end.pages);
  });

  it('gives up on one user whose record fails, long before the budget ends', async () => {
    source.misbehave('500 by id');
    const error = await failureOf(
      source.connect({ retryBudgetMs: 600_000 }).getUser(source.ids()[0] ?? ''),
    );
    expect(error.kind).toBe('retriable');
    expect(source.requestCount()).toBeLessThan(10);
  });

  it('stops at once when aborted', async () => {
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
