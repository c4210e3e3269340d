import { SourceError } from '../../../../src/core/errors.ts';
import type { JsonRequest } from '../../../../src/directories/http/json-request.ts';
import { proveRefusals, trustRefusals } from '../../../../src/directories/http/prove-refusals.ts';

const check: JsonRequest<unknown> = { route: '/check', read: (body) => body };
const list: JsonRequest<unknown> = { route: '/list', read: (body) => body };
const refused = new SourceError('refused', 'source-auth', 'answered 401', { hint: 'Look.' });
const failing = new SourceError('retriable', 'source-failed', 'answered 500');

type Answer = SourceError | 'fine';

/** A client that gives each route these answers in turn, the last one for ever. */
function clientOf(answers: Readonly<Record<string, readonly Answer[]>>) {
  const asked: string[] = [];
  const waits: number[] = [];
  const client = {
    perSecond: () => null,
    async get<T>({ route }: JsonRequest<T>): Promise<T> {
      const turn = asked.filter((each) => each === route).length;
      asked.push(route);
      const answer = answers[route]?.[turn] ?? answers[route]?.at(-1) ?? 'fine';
      if (answer instanceof SourceError) throw answer;
      return answer as T;
    },
  };
  const pause = async (ms: number): Promise<void> => {
    waits.push(ms);
  };
  const { signal } = new AbortController();
  return { asked, waits, client, proven: proveRefusals(client, { check, pause, signal }) };
}

describe('a client that proves refusals', () => {
  it('takes two refusals of the check, at least 5 s apart, as certain', async () => {
    const { proven, asked, waits } = clientOf({ '/check': [refused] });
    await expect(proven.get(check)).rejects.toMatchObject({ kind: 'auth', code: 'source-auth' });
    expect(asked).toEqual(['/check', '/check']);
    expect(waits.every((ms) => ms >= 5_000) && waits.length === 1).toBe(true);
  });

  it('goes on when the check was refused once', async () => {
    const { proven } = clientOf({ '/check': [refused, 'fine'] });
    await expect(proven.get(check)).resolves.toBe('fine');
  });

  it('takes a failing check after a refused one as a failing source', async () => {
    const { proven } = clientOf({ '/check': [refused, failing] });
    await expect(proven.get(check)).rejects.toBe(failing);
  });

  it('checks the credential when another request is refused', async () => {
    const { proven, asked } = clientOf({ '/list': [refused], '/check': [refused] });
    await expect(proven.get(list)).rejects.toMatchObject({
      kind: 'auth',
      code: 'source-auth',
      hint: 'Look.',
    });
    expect(asked).toEqual(['/list', '/check', '/check']);
  });

  it.each([[['fine']], [[refused, 'fine']]] as const)(
    'takes a request that is refused while the check is answered (%j) as failed',
    async (answers) => {
      const { proven } = clientOf({ '/list': [refused], '/check': answers });
      await expect(proven.get(list)).rejects.toMatchObject({
        kind: 'retriable',
        code: 'source-failed',
        message: 'answered 401; but the credential works elsewhere',
      });
    },
  );

  it('checks once for requests that are refused at the same time', async () => {
    const { proven, asked } = clientOf({ '/list': [refused], '/check': [refused] });
    const all = await Promise.allSettled([1, 2, 3, 4, 5, 6].map(() => proven.get(list)));
    expect(all.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked.filter((route) => route === '/check')).toHaveLength(2);
  });

  it('passes other failures on', async () => {
    const { proven, asked } = clientOf({ '/list': [failing] });
    await expect(proven.get(list)).rejects.toBe(failing);
    expect(asked).toEqual(['/list']);
  });
});

describe('a client that trusts refusals', () => {
  it('takes the first refusal as certain', async () => {
    const { client, asked } = clientOf({ '/list': [refused] });
    await expect(trustRefusals(client).get(list)).rejects.toMatchObject({ kind: 'auth' });
    expect(asked).toEqual(['/list']);
  });
});
