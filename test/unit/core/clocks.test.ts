import { describeClocks, readClock } from '../../../src/core/clocks.ts';

const hourMs = 3_600_000;
const at = (ms: number) => new Date(ms);
const read = (of: string, aheadMs: number) =>
  readClock(of, at(aheadMs), { askedAt: at(0), answeredAt: at(100) });

describe('the clocks of an installation', () => {
  it.each([
    ['none is read', [], null],
    ['all agree', [read('the database', 50), read('Redis', -900)], null],
    [
      'the answer took long',
      [readClock('Redis', at(0), { askedAt: at(0), answeredAt: at(60_000) })],
      null,
    ],
    [
      'this machine is behind',
      [read('the database', 3 * hourMs), read('Redis', 3 * hourMs)],
      'the clock of this machine is 3 h behind that of the database and Redis',
    ],
    [
      'this machine is ahead',
      [read('the database', -40_000), read('Redis', -41_000)],
      'the clock of this machine is 40 s ahead of that of the database and Redis',
    ],
    [
      'another one is ahead',
      [read('the database', 65 * 60_000), read('Redis', 0)],
      'the clock of the database is 1 h 5 min ahead of that of this machine',
    ],
    [
      'two differ, each otherwise',
      [read('the database', 12 * 60_000), read('Redis', -hourMs)],
      'the clock of the database is 12 min ahead of that of this machine\nthe clock of Redis is 1 h behind that of this machine',
    ],
  ])('are described: %s', (_case, readings, said) => {
    expect(describeClocks(readings)).toBe(said);
  });
});
