import fc from 'fast-check';
import { IdSet } from '../../../src/core/id-set.ts';

const hexId = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 12, maxLength: 12 })
  .map((bytes) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(''));
const anyId = fc.oneof(
  hexId,
  fc.constant('0'.repeat(24)),
  fc.string({ minLength: 1, maxLength: 30 }),
);

describe('IdSet', () => {
  it('answers as a set of strings does', () => {
    fc.assert(
      fc.property(fc.array(anyId, { maxLength: 60 }), fc.array(anyId), (added, others) => {
        const ids = new IdSet();
        const model = new Set<string>();
        const steps = added.map((id) => [ids.add(id), ids.size]);
        expect(steps).toEqual(added.map((id) => [!model.has(id), model.add(id).size]));
        const asked = [...added, ...others];
        expect(asked.map((id) => ids.has(id))).toEqual(asked.map((id) => model.has(id)));
      }),
    );
  });

  it.each([
    ['ascending', (n: number) => n],
    ['descending', (n: number) => 19_999 - n],
    ['in leaps to and fro', (n: number) => (n * 7919) % 20_000],
  ])('contains every id of many that are added %s', (_how, order) => {
    const ids = new IdSet();
    const hex = (n: number) =>
      Math.round(2 * n + 1)
        .toString(16)
        .padStart(24, '0');
    for (let n = 0; n < 20_000; n += 1) ids.add(hex(order(n)));
    expect(ids.size).toBe(20_000);
    for (let n = 0; n < 20_000; n += 1) if (!ids.has(hex(n))) throw new Error(`lost ${hex(n)}`);
    for (let n = 0; n < 20_000; n += 1) if (ids.add(hex(n))) throw new Error(`forgot ${hex(n)}`);
    expect(ids.size).toBe(20_000);
    for (let n = 0; n <= 20_000; n += 1) if (ids.has(hex(n - 0.5))) throw new Error('made one up');
    expect(ids.has(hex(20_000))).toBe(false);
  });
});
