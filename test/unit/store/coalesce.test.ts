import { coalesce } from '../../../src/mongo/coalesce.ts';

describe('coalesce', () => {
  it('joins calls, gives each its own answer, and never an answer from before the call', async () => {
    const turns: (readonly number[])[] = [];
    let release = (): void => undefined;
    const double = coalesce(async (asked: readonly number[]) => {
      turns.push(asked);
      if (turns.length === 1) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      return asked.map((each) => each * 2);
    }, 3);
    const first = double(1);
    await new Promise(setImmediate);
    const rest = [2, 3, 4, 5].map((each) => double(each));
    release();
    expect(await Promise.all([first, ...rest])).toEqual([2, 4, 6, 8, 10]);
    expect(turns).toEqual([[1], [2, 3, 4], [5]]);
    expect(await double(6)).toBe(12);
  });

  it('fails the calls that were joined, and no later ones', async () => {
    let fails = true;
    const ask = coalesce(async (asked: readonly string[]) => {
      if (fails) throw new Error('away');
      return asked;
    }, 10);
    const both = await Promise.allSettled([ask('a'), ask('b')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await ask('c')).toBe('c');
  });
});
