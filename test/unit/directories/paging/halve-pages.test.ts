import fc from 'fast-check';
import { SourceError } from '../../../../src/core/errors.ts';
import { halvePages } from '../../../../src/directories/paging/halve-pages.ts';

const alone = new SourceError('retriable', 'user-failed', 'answered 500');
const rest = { signal: new AbortController().signal, onAttempt: () => undefined };

/** A list of numbers in which these rows, alone or with others, can't be read. */
function listWithout(broken: readonly number[], size = 1000, error: SourceError = alone) {
  const unreadable = new Set<number>();
  let requests = 0;
  const fetchPage = halvePages<number>({
    what: 'its users',
    limit: 100,
    unreadable,
    async fetchRange({ skip, limit }) {
      requests += 1;
      if (broken.some((row) => row >= skip && row < skip + limit)) throw error;
      const rows = Array.from({ length: size }, (_, row) => row).slice(skip, skip + limit);
      return { rows, total: size };
    },
  });
  return {
    unreadable,
    requests: () => requests,
    read: (skip: number) => fetchPage({ ...rest, skip }),
  };
}

describe('a page that is read in halves', () => {
  it('is one request while it can be read', async () => {
    const list = listWithout([]);
    await expect(list.read(100)).resolves.toMatchObject({ total: 1000, rows: { length: 100 } });
    expect(list.requests()).toBe(1);
  });

  it('holds every row but those that cannot be read, which are null', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(99), { maxLength: 20 }), async (broken) => {
        const list = listWithout(broken);
        const { rows } = await list.read(0);
        expect(rows).toEqual(
          Array.from({ length: 100 }, (_, row) => (broken.includes(row) ? null : row)),
        );
        expect(list.unreadable).toEqual(new Set(broken));
      }),
    );
  });

  it('counts a row once, whichever page it is on', async () => {
    const list = listWithout([99]);
    await list.read(0);
    await list.read(99);
    expect([...list.unreadable]).toEqual([99]);
  });

  it('fails with the 21st row, and names it', async () => {
    const list = listWithout(Array.from({ length: 21 }, (_, n) => n * 3));
    await expect(list.read(0)).rejects.toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining('skip=60, limit=1'),
    });
  });

  it('does not halve a page when the source fails altogether', async () => {
    const list = listWithout([3], 1000, new SourceError('retriable', 'source-failed', 'no answer'));
    await expect(list.read(0)).rejects.toMatchObject({ message: 'no answer' });
    expect(list.requests()).toBe(1);
  });
});
