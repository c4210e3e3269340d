import fc from 'fast-check';
import { allOf, anyOf, not, type Truth } from '../../../../src/core/criteria/truth.ts';

const truths = fc.constantFrom<Truth>(true, false, { unknown: 'why' });
const lists = fc.array(truths, { maxLength: 4 });

/** The possible values of a truth once all is known. */
function outcomes(truth: Truth): readonly boolean[] {
  return typeof truth === 'boolean' ? [truth] : [true, false];
}

function completions(list: readonly Truth[]): readonly (readonly boolean[])[] {
  return list.reduce<readonly (readonly boolean[])[]>(
    (before, truth) =>
      before.flatMap((each) => outcomes(truth).map((outcome) => [...each, outcome])),
    [[]],
  );
}

describe('three-valued logic', () => {
  it.each([
    ['allOf', allOf, (list: readonly boolean[]) => list.every(Boolean)],
    ['anyOf', anyOf, (list: readonly boolean[]) => list.some(Boolean)],
  ])('%s is unknown exactly when an unknown decides', (_, join, reference) => {
    fc.assert(
      fc.property(lists, (list) => {
        const possible = new Set(completions(list).map(reference));
        const expected = possible.size === 1 ? [...possible][0] : { unknown: 'why' };
        expect(join(list)).toEqual(expected);
      }),
    );
  });

  it('follows the laws of De Morgan', () => {
    fc.assert(
      fc.property(lists, (list) => {
        expect(not(allOf(list))).toEqual(anyOf(list.map(not)));
        expect(not(anyOf(list))).toEqual(allOf(list.map(not)));
      }),
    );
  });
});
