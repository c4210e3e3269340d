import type { Run } from '../../../../src/core/model/run.ts';
import { putOffUntil } from '../../../../src/core/schedule/put-off.ts';

const finishedAt = new Date('2026-03-01T12:00:00Z');
const error = { code: 'source-failed', message: 'answered 403' };
const forbidden = { finishedAt, error: { ...error, forbidden: true as const } };
const failed = { finishedAt, error };
const fine = { finishedAt, error: null };

function times(count: number, run: Pick<Run, 'error' | 'finishedAt'>) {
  return Array.from({ length: count }, () => run);
}

describe('putOffUntil', () => {
  it.each([
    ['no run', []],
    ['two runs that were answered 403', times(2, forbidden)],
    ['three runs that failed otherwise', times(3, failed)],
    ['a success after three', [fine, ...times(3, forbidden)]],
    ['two after another failure', [...times(2, forbidden), failed, ...times(3, forbidden)]],
  ])('puts nothing off after %s', (_, ended) => {
    expect(putOffUntil(ended)).toBeNull();
  });

  it.each([
    [3, 1],
    [4, 2],
    [5, 4],
    [7, 16],
    [8, 24],
    [50, 24],
  ])('puts runs off after %i in a row for %i hours', (count, hours) => {
    const until = putOffUntil([...times(count, forbidden), fine]);
    expect(until).toEqual(new Date(finishedAt.getTime() + hours * 3_600_000));
  });
});
